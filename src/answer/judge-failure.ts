import { KioskConnectionError, KioskTimeoutError } from "../errors/connection-error.js";
import { printable } from "../text/printable.js";
import type { PassedLimit } from "../time/time-limit.js";
import { safeCause } from "../transport/safe-cause.js";
import type { AnswerContext } from "./answer-context.js";
import type { ErrorOf, Failed } from "./verdict.js";

/** The verdict on an attempt without a complete answer. */
export function judgeFailure(requestSent: boolean, failure: unknown, context: AnswerContext): Failed {
  const cause = safeCause(failure, context.redact);
  const why = printable(innermost(cause)?.message ?? "");
  const state = requestSent ? "no complete answer" : "the request was not sent";
  const message = `${context.operation}: ${state}${why === "" ? "" : `: ${why}`}`;
  const details = cause === undefined ? { requestSent } : { requestSent, cause };
  const error: ErrorOf = (history) => new KioskConnectionError(message, { ...details, ...history });
  return { kind: requestSent ? "ambiguous" : "not-taken", error, retryAfterMs: null };
}

/** The error for an attempt or a call that ran out of time. */
export function timeoutErrorOf(operation: string, limit: PassedLimit, requestSent: boolean): ErrorOf {
  const message = `${operation}: no complete answer within ${limit}`;
  return (history) => new KioskTimeoutError(message, { requestSent, ...history });
}

function innermost(error: Error | undefined): Error | undefined {
  return error?.cause instanceof Error ? innermost(error.cause) : error;
}
