import type { AttemptOutcome } from "../response/attempt-outcome.js";
import { createTimeoutError } from "../response/classify-failure.js";
import { classifyStatusResponse, type ReadProduction } from "../response/classify-response.js";
import { isTooLongToWait } from "../response/retry-after.js";
import { retryDelayMs, wait } from "../time/wait.js";
import type { Attempt, Attempts } from "./attempts.js";
import type { Call, CallRequest } from "./call.js";
import type { Purpose } from "./report-attempt.js";

/**
 * Reads the status, and reads it again after every transient failure, up to `maxRetries` times. This is safe because a read
 * changes nothing. The caller must report the returned attempt, because only the caller knows whether another request follows.
 *
 * @throws the reason of the caller's signal.
 */
export async function readStatus(
  attempts: Attempts,
  request: CallRequest,
  call: Call,
  purpose: Purpose = "call",
): Promise<Attempt<AttemptOutcome<ReadProduction>>> {
  for (let retry = 0; ; ) {
    const attempt = await attempts.attempt(request, purpose, classifyStatusResponse);
    const delay = delayAfter(attempt.outcome, retry, call.maxRetries);
    if (delay === undefined) return attempt;
    attempt.report(delay);
    if (attempt.outcome.kind !== "unauthorized") retry += 1;
    if (!(await wait(delay, call))) {
      const requestSent = attempts.mayHaveSent;
      const error = createTimeoutError(call.operation, "deadlineMs", requestSent);
      return { ...attempt, outcome: { kind: "expired", error, requestSent }, report: () => {} };
    }
  }
}

/** Returns the wait before the next read in milliseconds, or `undefined` if no other read follows. */
function delayAfter(outcome: AttemptOutcome<unknown>, retry: number, maxRetries: number): number | undefined {
  if (outcome.kind === "unauthorized") return 0;
  if (outcome.kind !== "not-taken" && outcome.kind !== "ambiguous") return undefined;
  if (retry >= maxRetries || isTooLongToWait(outcome.retryAfterMs)) return undefined;
  return retryDelayMs(retry, outcome.retryAfterMs);
}
