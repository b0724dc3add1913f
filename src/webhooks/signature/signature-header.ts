import { KioskWebhookSignatureError } from "../../errors/webhook-errors.js";
import { headerValues } from "../http/webhook-headers.js";
import { decodeBase64 } from "./base64.js";

const HEADER = "X-Signature-SHA256";

/**
 * The signature that the headers of a delivery carry.
 *
 * @throws {KioskWebhookSignatureError} `missing` if there is none, `malformed` if it is not one value in standard Base64.
 */
export function parseSignature(headers: unknown): Uint8Array<ArrayBuffer> {
  const [value, ...more] = headerValues(headers, HEADER.toLowerCase());
  if (more.length > 0) throw malformed("is there more than once");
  if (value === undefined || isBlank(value)) {
    throw new KioskWebhookSignatureError(
      "missing",
      `There is no ${HEADER} header: pass the headers of the request as they came, and check that no gateway strips it`,
    );
  }
  const signature = typeof value === "string" ? decodeBase64(value) : undefined;
  if (signature === undefined) throw malformed("is not one signature in standard Base64");
  return signature;
}

/** A signature error that says what is wrong with the header. */
export function malformed(fault: string): KioskWebhookSignatureError {
  return new KioskWebhookSignatureError("malformed", `The ${HEADER} header ${fault}`);
}

function isBlank(value: unknown): boolean {
  return typeof value === "string" && value.trim() === "";
}
