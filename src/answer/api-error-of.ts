import {
  KioskApiError,
  type KioskApiErrorDetails,
  KioskAuthenticationError,
  KioskNotFoundError,
  KioskPermissionError,
  KioskRateLimitError,
  KioskServerError,
  KioskUnprocessableError,
} from "../errors/api-error.js";
import type { KioskError } from "../errors/kiosk-error.js";
import { printable } from "../text/printable.js";
import type { HttpResponse } from "../transport/http-message.js";
import { readBody } from "./answer-body.js";
import type { AnswerContext } from "./answer-context.js";
import { headerOf } from "./answer-header.js";
import { readErrorEnvelope } from "./error-envelope.js";
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

function errorForStatus(
  message: string,
  { rateLimitedBy, ...details }: KioskApiErrorDetails & { rateLimitedBy: string | null },
): KioskError {
  switch (details.httpStatus) {
    case 401:
      return new KioskAuthenticationError(message, details);
    case 403:
      return new KioskPermissionError(message, details);
    case 404:
      return new KioskNotFoundError(message, details);
    case 422:
      return new KioskUnprocessableError(message, details);
    case 429:
      return new KioskRateLimitError(message, { ...details, rateLimitedBy });
    default:
      return details.httpStatus >= 500 && details.httpStatus <= 599
        ? new KioskServerError(message, details)
        : new KioskApiError(message, details);
  }
}
