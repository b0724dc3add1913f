import { createPublicKey, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { productionBody } from "./event-bodies.js";

/** Creates an RSA key pair. */
export function rsaKeyPair(modulusLength = 2048): { readonly privateKey: KeyObject; readonly publicKey: string } {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength });
  return { privateKey, publicKey: publicKey.export({ type: "spki", format: "pem" }).toString() };
}

/** The key pair that takes the place of Wise's. */
export const wise = rsaKeyPair();

/** Returns the public key with a wrong DER tag before its exponent: complete in length, but no runtime accepts it. */
export function unusableKey(): string {
  const der = createPublicKey(wise.publicKey).export({ type: "spki", format: "der" });
  der.writeUInt8(5, der.length - 5);
  return `-----BEGIN PUBLIC KEY-----\n${der.toString("base64")}\n-----END PUBLIC KEY-----`;
}

/** Returns a signature as Wise creates it: RSA PKCS#1 v1.5 with SHA-256, in standard Base64. */
export function createSignature(body: string | Uint8Array, privateKey = wise.privateKey): string {
  return sign("RSA-SHA256", Buffer.from(body), privateKey).toString("base64");
}

/** Returns the headers that Wise sends with a body. */
export function signedHeaders(body: string | Uint8Array, more: Record<string, string> = {}): Record<string, string> {
  return {
    "Content-Type": "application/json",
    "X-Signature-SHA256": createSignature(body),
    "X-Delivery-Id": "4a6b9810-4279-4de5-8d8d-1a6cf3b92a75",
    ...more,
  };
}

/** Returns a delivery as it arrives at a handler. */
export function delivery(body: string = productionBody(), headers = signedHeaders(body)): Request {
  return new Request("https://bank.example/wise", { method: "POST", headers, body });
}
