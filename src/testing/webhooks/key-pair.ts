import { generateKeyPairSync, type KeyObject } from "node:crypto";

/** A pair of keys with which the simulator plays Wise. */
interface KeyPair {
  readonly privateKey: KeyObject;
  /** SPKI PEM. */
  readonly publicKey: string;
}

let pair: KeyPair | undefined;

/** The key pair of this process. It is made when it is first needed, which takes a while, and never leaves the process. */
export function keyPair(): KeyPair {
  if (pair === undefined) {
    const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    pair = { privateKey, publicKey: publicKey.export({ type: "spki", format: "pem" }).toString() };
  }
  return pair;
}
