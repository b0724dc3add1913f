import { listIssues } from "../decoding/decode-issues.js";
import { type Decoded, decodeProduction } from "../decoding/decode-production.js";
import { type DecodeIssue, KioskDecodeError } from "../errors/decode-error.js";
import type { Production } from "../production/production.js";
import { type HttpResponse, MAX_RESPONSE_BYTES } from "../transport/http-message.js";
import type { ErrorFactory } from "./attempt-outcome.js";
import { decodeBody, parseHarmlessBody } from "./decode-body.js";
import type { Redact } from "./redact.js";
import type { ResponseContext } from "./response-context.js";

/** The issue of a body that is larger than the limit. */
export const TOO_LARGE: readonly DecodeIssue[] = [
  { path: "", message: `the body is larger than ${MAX_RESPONSE_BYTES} bytes` },
];

/** Decodes the production in the body of a 2xx or 422 response. */
export function decodeResponse(response: HttpResponse, redact: Redact): Decoded<Production> {
  return decodeJsonResponse(response, redact, decodeProduction);
}

/**
 * Decodes the JSON in the body of a response. Most bodies hold no secret and decode. Only others are redacted, which takes longer.
 */
export function decodeJsonResponse<T>(
  { body, oversized }: HttpResponse,
  redact: Redact,
  decode: (json: unknown) => Decoded<T>,
): Decoded<T> {
  if (oversized) return { ok: false, issues: TOO_LARGE };
  const harmless = parseHarmlessBody(body, redact);
  const decoded = harmless === undefined ? undefined : decode(harmless);
  if (decoded?.ok) return decoded;
  const { text, json } = decodeBody(body, redact);
  if (json === undefined) return decodeFailure(text.trim() === "" ? "the body is empty" : "the body is not JSON");
  return decode(json);
}

/** Creates the error for a 2xx response if its body cannot be decoded. */
export function createDecodeError(
  response: HttpResponse,
  issues: readonly DecodeIssue[],
  { operation, redact }: ResponseContext,
): ErrorFactory {
  const { shown: body } = decodeBody(response.body, redact);
  const { status: httpStatus } = response;
  const message = `${operation}: Wise responded with HTTP ${httpStatus}, but the body cannot be decoded: ${listIssues(issues)}`;
  return (history) => new KioskDecodeError(message, { issues, body, httpStatus, ...history });
}

function decodeFailure(message: string): Decoded<never> {
  return { ok: false, issues: [{ path: "", message }] };
}
