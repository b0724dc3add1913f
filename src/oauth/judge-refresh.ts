import { readBody } from "../answer/answer-body.js";
import type { AnswerContext } from "../answer/answer-context.js";
import { headerOf } from "../answer/answer-header.js";
import { readErrorEnvelope } from "../answer/error-envelope.js";
import { errorForStatus } from "../answer/error-for-status.js";
import { judgeFailure, timeoutErrorOf } from "../answer/judge-failure.js";
import { retryAfterMs } from "../answer/retry-after.js";
import type { CallHistory } from "../answer/verdict.js";
import type { KioskApiError } from "../errors/api-error.js";
import type { Bounded } from "../time/time-limit.js";
import type { HttpResponse, TransportResult } from "../transport/http-message.js";
import { type RefreshedToken, readRefreshedToken } from "./refreshed-token.js";

/**
 * What came of a refresh.
 *
 * @throws {KioskConnectionError}, {KioskTimeoutError}, {KioskApiError} or {KioskDecodeError}, without anything of the body but
 * the error code: Wise's answers to this request quote tokens.
 */
export function judgeRefresh(
  bounded: Bounded<TransportResult>,
  hasStarted: boolean,
  refreshToken: string,
  context: AnswerContext,
): RefreshedToken {
  const history = historyOf(context);
  if (bounded.kind === "passed") throw timeoutErrorOf(context.operation, bounded.limit, hasStarted)(history);
  const result = bounded.value;
  if (result.kind === "failed") throw judgeFailure(result.requestSent, result.cause, context).error(history);
  const { response } = result;
  if (response.status < 200 || response.status >= 300) throw refusal(response, context);
  return readRefreshedToken(response, refreshToken, Date.now(), history);
}

/** A refresh changes nothing about a card. */
function historyOf({ operation, correlationId }: AnswerContext): CallHistory {
  return { operation, correlationId, mayHaveTakenEffect: false, productionAfter: undefined };
}

function refusal(response: HttpResponse, context: AnswerContext): KioskApiError<string> {
  const { operation, redact } = context;
  const { text, json } = readBody(response.body, redact);
  const said = readErrorEnvelope(json ?? text).errorCode ?? "";
  const errorCode = /^[a-z_.]{1,64}$/i.test(said) ? said : null;
  const summary = `${operation}: Wise answered HTTP ${response.status}`;
  return errorForStatus(errorCode === null ? summary : `${summary}: ${errorCode}`, {
    httpStatus: response.status,
    body: undefined,
    errorCode,
    errorMessage: null,
    traceId: headerOf(response, "x-trace-id", redact),
    retryAfterMs: retryAfterMs(response.headers),
    rateLimitedBy: headerOf(response, "x-rate-limited-by", redact),
    ...historyOf(context),
  });
}
