import { generateKeyPairSync, type KeyObject } from "node:crypto";

/** The keys with which the simulator signs webhooks in place of Wise. */
interface KeyPair {
  readonly privateKey: KeyObject;
  /** The public key in SPKI PEM. */
  readonly publicKey: string;
}

let pair: KeyPair | undefined;

/** Returns the key pair of this process. It is generated on first use, which takes a while. */
export function keyPair(): KeyPair {
  if (pair === undefined) {
    const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    pair = { privateKey, publicKey: publicKey.export({ type: "spki", format: "pem" }).toString() };
  }
  return pair;
}
