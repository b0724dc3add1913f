import { KioskWebhookSignatureError } from "../errors/webhook-errors.js";
import { VERIFICATION, type VerificationKey } from "./public-key.js";
import { malformed } from "./signature-header.js";

/**
 * Resolves where the signature is one of this body by any of the keys: RSA PKCS#1 v1.5 with SHA-256 over the bytes.
 *
 * @throws {KioskWebhookSignatureError} `malformed` where its length fits none of the keys, else `mismatch`.
 */
export async function verifySignature(
  body: Uint8Array<ArrayBuffer>,
  signature: Uint8Array<ArrayBuffer>,
  keys: readonly VerificationKey[],
): Promise<void> {
  const fitting = keys.filter(({ signatureLength }) => signatureLength === signature.length);
  if (fitting.length === 0) throw malformed(`has ${signature.length} bytes, which no signature by these keys has`);
  if (body.length === 0) throw mismatch("The body is empty, and Wise sends none such: something read it before");
  for (const { cryptoKey } of fitting) {
    if (await crypto.subtle.verify(VERIFICATION, cryptoKey, signature, body)) return;
  }
  throw mismatch(
    "The signature is not one of this body by these keys: see that the environment is the one of the subscription, and that " +
      "the body arrives here exactly as it was sent",
  );
}

function mismatch(message: string): KioskWebhookSignatureError {
  return new KioskWebhookSignatureError("mismatch", message);
}
