import { printable } from "../text/printable.js";
import type { HttpResponse } from "../transport/http-message.js";
import type { ErrorFactory } from "./attempt-outcome.js";
import { decodeBody } from "./decode-body.js";
import { parseErrorEnvelope } from "./error-envelope.js";
import { errorForStatus } from "./error-for-status.js";
import type { ResponseContext } from "./response-context.js";
import { printableHeader } from "./response-context.js";
import { parseRetryAfter } from "./retry-after.js";

/** Creates the error for a response that is not a result. */
export function createApiError(response: HttpResponse, context: ResponseContext): ErrorFactory {
  const { text, json, shown: body } = decodeBody(response.body, context.redact);
  const { errorCode, errorMessage } = parseErrorEnvelope(json ?? text);
  const said = [errorCode, errorMessage].filter((text) => text !== null).join(": ");
  const summary = `${context.operation}: Wise responded with HTTP ${response.status}`;
  const message = said === "" ? summary : `${summary}: ${printable(said)}`;
  const known = {
    httpStatus: response.status,
    body,
    errorCode,
    errorMessage,
    correlationId: context.correlationId,
    traceId: printableHeader(response, "x-trace-id", context.redact),
    retryAfterMs: parseRetryAfter(response.headers),
  };
  const rateLimitedBy = printableHeader(response, "x-rate-limited-by", context.redact);
  return (history) => errorForStatus(message, { ...known, ...history, rateLimitedBy });
}
