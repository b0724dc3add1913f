import { printable } from "../text/printable.js";
import type { HttpResponse } from "../transport/http-message.js";
import { readBody } from "./answer-body.js";
import type { AnswerContext } from "./answer-context.js";
import { headerOf } from "./answer-header.js";
import { readErrorEnvelope } from "./error-envelope.js";
import { errorForStatus } from "./error-for-status.js";
import { retryAfterMs } from "./retry-after.js";
import type { ErrorOf } from "./verdict.js";

/** The error for an answer that is not a result. */
export function apiErrorOf(response: HttpResponse, context: AnswerContext): ErrorOf {
  const { text, json, shown: body } = readBody(response.body, context.redact);
  const { errorCode, errorMessage } = readErrorEnvelope(json ?? text);
  const said = [errorCode, errorMessage].filter((text) => text !== null).join(": ");
  const summary = `${context.operation}: Wise answered HTTP ${response.status}`;
  const message = said === "" ? summary : `${summary}: ${printable(said)}`;
  const known = {
    httpStatus: response.status,
    body,
    errorCode,
    errorMessage,
    correlationId: context.correlationId,
    traceId: headerOf(response, "x-trace-id", context.redact),
    retryAfterMs: retryAfterMs(response.headers),
  };
  const rateLimitedBy = headerOf(response, "x-rate-limited-by", context.redact);
  return (history) => errorForStatus(message, { ...known, ...history, rateLimitedBy });
}
