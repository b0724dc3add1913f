import { KioskConnectionError, KioskTimeoutError } from "../errors/connection-error.js";
import { printable } from "../text/printable.js";
import type { TimeLimitName } from "../time/time-limit.js";
import type { ErrorFactory, FailedAttempt } from "./attempt-outcome.js";
import type { ResponseContext } from "./response-context.js";
import { safeCause } from "./safe-cause.js";

/**
 * Classifies an attempt that got no complete response.
 *
 * @param requestSent whether a byte of the request may have left.
 */
export function classifyFailure(requestSent: boolean, failure: unknown, context: ResponseContext): FailedAttempt {
  const cause = safeCause(failure, context.redact);
  const why = printable(innermost(cause)?.message ?? "");
  const state = requestSent ? "no complete response" : "the request was not sent";
  const message = `${context.operation}: ${state}${why === "" ? "" : `: ${why}`}`;
  const details = cause === undefined ? { requestSent } : { requestSent, cause };
  const error: ErrorFactory = (history) => new KioskConnectionError(message, { ...details, ...history });
  return { kind: requestSent ? "ambiguous" : "not-taken", error, retryAfterMs: null };
}

/**
 * Creates the error for an attempt or a call that ran out of time.
 *
 * @param awaited the caller's function that must finish before the request can be sent, or `the call` if no request is under way;
 * `undefined` if only a response is missing.
 */
export function createTimeoutError(
  operation: string,
  limit: TimeLimitName,
  requestSent: boolean,
  awaited?: string,
): ErrorFactory {
  const fault = awaited === undefined ? "no complete response" : `${awaited} did not finish`;
  const message = `${operation}: ${fault} within ${limit}`;
  return (history) => new KioskTimeoutError(message, { requestSent, ...history });
}

function innermost(error: Error | undefined): Error | undefined {
  return error?.cause instanceof Error ? innermost(error.cause) : error;
}
