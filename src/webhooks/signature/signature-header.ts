import { KioskWebhookSignatureError } from "../../errors/webhook-errors.js";
import { headerValues } from "../http/webhook-headers.js";
import { decodeBase64 } from "./base64.js";

const HEADER = "X-Signature-SHA256";

/**
 * Returns the signature in the headers of a delivery.
 *
 * @throws {KioskWebhookSignatureError} `missing` if the header is absent or blank, `malformed` if it is not a single value in
 * standard Base64.
 */
export function parseSignature(headers: unknown): Uint8Array<ArrayBuffer> {
  const [value, ...more] = headerValues(headers, HEADER.toLowerCase());
  if (more.length > 0) throw malformed("appears more than once");
  if (value === undefined || isBlank(value)) {
    throw new KioskWebhookSignatureError(
      "missing",
      `The ${HEADER} header is missing: pass the headers of the request unchanged, and make sure no gateway strips it`,
    );
  }
  const signature = typeof value === "string" ? decodeBase64(value) : undefined;
  if (signature === undefined) throw malformed("is not a single signature in standard Base64");
  return signature;
}

/** Returns the error for a malformed signature header. */
export function malformed(fault: string): KioskWebhookSignatureError {
  return new KioskWebhookSignatureError("malformed", `The ${HEADER} header ${fault}`);
}

function isBlank(value: unknown): boolean {
  return typeof value === "string" && value.trim() === "";
}
