const ALGORITHM = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
const GENERATED = { ...ALGORITHM, modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1) };

const base64 = (bytes: ArrayBuffer): string => btoa(String.fromCharCode(...new Uint8Array(bytes)));

const toPem = (spki: string): string =>
  `-----BEGIN PUBLIC KEY-----\n${spki.replace(/.{64}/g, "$&\n")}\n-----END PUBLIC KEY-----\n`;

/** Returns the key with a wrong DER tag before its exponent: complete in length, but no runtime can import it. */
function brokenSpki(spki: ArrayBuffer): ArrayBuffer {
  const bytes = new Uint8Array(spki.slice(0));
  bytes[bytes.length - 5] = 5;
  return bytes.buffer;
}

/** Creates a key pair with WebCrypto, on the runtime of the tests. */
export async function signer() {
  const { publicKey, privateKey } = await crypto.subtle.generateKey(GENERATED, true, ["sign", "verify"]);
  const spki = await crypto.subtle.exportKey("spki", publicKey);
  return {
    publicKey,
    pem: toPem(base64(spki)),
    brokenPem: toPem(base64(brokenSpki(spki))),
    jwk: await crypto.subtle.exportKey("jwk", publicKey),
    privateJwk: await crypto.subtle.exportKey("jwk", privateKey),
    /** Returns the headers of a delivery of this body. */
    async headers(body: string | Uint8Array<ArrayBuffer>): Promise<Record<string, string>> {
      const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
      return {
        "X-Signature-SHA256": base64(await crypto.subtle.sign(ALGORITHM, privateKey, bytes)),
        "X-Delivery-Id": "d",
      };
    },
  };
}
