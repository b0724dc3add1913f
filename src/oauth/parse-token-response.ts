import type { KioskApiError } from "../errors/api-error.js";
import type { CallHistory } from "../response/attempt-outcome.js";
import { classifyFailure, createTimeoutError } from "../response/classify-failure.js";
import { isSuccess, REFUSALS } from "../response/classify-response.js";
import { decodeBody } from "../response/decode-body.js";
import { parseErrorEnvelope } from "../response/error-envelope.js";
import { errorForStatus } from "../response/error-for-status.js";
import type { ResponseContext } from "../response/response-context.js";
import { printableHeader } from "../response/response-context.js";
import { parseRetryAfter } from "../response/retry-after.js";
import type { TimeLimited } from "../time/time-limit.js";
import type { HttpResponse, TransportResult } from "../transport/http-message.js";
import { parseReceivedToken, type ReceivedToken } from "./received-token.js";

const CONNECT_AGAIN = "the refresh token is no longer valid: have the customer connect again";

/** Wise documents `invalid_grant` with the status 401 for invalid credentials, too. */
const OR_CREDENTIALS = "unless the client id or secret is wrong, ";

/**
 * Returns the new tokens from the result of a request for tokens. Of the body, errors contain only the error code, because
 * Wise's responses to this request quote tokens. Their `mayHaveTakenEffect` says whether Wise may have replaced the tokens of a
 * customer: a request for a token of the application changes nothing.
 *
 * @throws {KioskTimeoutError} if the time limit passed.
 * @throws {KioskConnectionError} if no complete response arrived.
 * @throws {KioskApiError} if the status is not 2xx.
 * @throws {KioskDecodeError} if the body has no usable access token.
 */
export function parseTokenResponse(
  limited: TimeLimited<TransportResult>,
  hasStarted: boolean,
  context: ResponseContext,
): ReceivedToken {
  const { operation } = context;
  if (limited.kind === "timed-out") {
    throw createTimeoutError(operation, limited.limit, hasStarted)(tokenHistory(context, hasStarted));
  }
  const result = limited.value;
  if (result.kind === "failed") {
    const { requestSent, cause } = result;
    throw classifyFailure(requestSent, cause, context).error(tokenHistory(context, requestSent));
  }
  const { response } = result;
  if (!isSuccess(response)) throw createTokenRequestError(response, context);
  return parseReceivedToken(response, Date.now(), tokenHistory(context, true));
}

/** @param mayBeProcessed whether Wise may have processed the request. */
function tokenHistory({ operation, correlationId }: ResponseContext, mayBeProcessed: boolean): CallHistory {
  const mayHaveTakenEffect = mayBeProcessed && operation === "refreshToken";
  return { operation, correlationId, mayHaveTakenEffect, productionAfter: undefined };
}

function createTokenRequestError(response: HttpResponse, context: ResponseContext): KioskApiError<string> {
  const { operation, redact } = context;
  const { text, json } = decodeBody(response.body, redact);
  const said = parseErrorEnvelope(json ?? text).errorCode ?? "";
  const errorCode = /^[a-z_.]{1,64}$/i.test(said) ? said : null;
  const { status: httpStatus } = response;
  const summary = `${operation}: Wise responded with HTTP ${httpStatus}`;
  const isVoid = operation === "refreshToken" && errorCode === "invalid_grant";
  const advice = isVoid ? ` (${httpStatus === 401 ? OR_CREDENTIALS : ""}${CONNECT_AGAIN})` : "";
  return errorForStatus(errorCode === null ? summary : `${summary}: ${errorCode}${advice}`, {
    httpStatus,
    body: undefined,
    errorCode,
    errorMessage: null,
    traceId: printableHeader(response, "x-trace-id", redact),
    retryAfterMs: parseRetryAfter(response.headers),
    rateLimitedBy: printableHeader(response, "x-rate-limited-by", redact),
    ...tokenHistory(context, !REFUSALS.has(httpStatus)),
  });
}
