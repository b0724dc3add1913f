const ALGORITHM = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
const GENERATED = { ...ALGORITHM, modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1) };

const base64 = (bytes: ArrayBuffer): string => btoa(String.fromCharCode(...new Uint8Array(bytes)));

/** A key pair made by the runtime that the tests run on, with WebCrypto alone. */
export async function signer() {
  const { publicKey, privateKey } = await crypto.subtle.generateKey(GENERATED, true, ["sign", "verify"]);
  const spki = base64(await crypto.subtle.exportKey("spki", publicKey));
  return {
    publicKey,
    pem: `-----BEGIN PUBLIC KEY-----\n${spki.replace(/.{64}/g, "$&\n")}\n-----END PUBLIC KEY-----\n`,
    jwk: await crypto.subtle.exportKey("jwk", publicKey),
    privateJwk: await crypto.subtle.exportKey("jwk", privateKey),
    /** The headers of a delivery of this body. */
    async headers(body: string | Uint8Array<ArrayBuffer>): Promise<Record<string, string>> {
      const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
      return {
        "X-Signature-SHA256": base64(await crypto.subtle.sign(ALGORITHM, privateKey, bytes)),
        "X-Delivery-Id": "d",
      };
    },
  };
}
