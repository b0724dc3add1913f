import { judgeStatusAnswer, type ReadProduction } from "../answer/judge-answer.js";
import { timeoutErrorOf } from "../answer/judge-failure.js";
import { isTooLongToWait } from "../answer/retry-after.js";
import type { Verdict } from "../answer/verdict.js";
import { wait } from "../time/wait.js";
import type { Attempt, Attempts } from "./attempts.js";
import type { Call, CallRequest } from "./call.js";
import { retryDelayMs } from "./retry-delay.js";

/**
 * Reads the status, as often as `maxRetries` allows: reading changes nothing, so it is repeated after every failure that may
 * pass. Returns the last attempt without reporting it: the caller knows whether another request follows.
 *
 * @throws the reason of the caller's signal.
 */
export async function readStatus(
  attempts: Attempts,
  request: CallRequest,
  call: Call,
): Promise<Attempt<Verdict<ReadProduction>>> {
  for (let retry = 0; ; ) {
    const attempt = await attempts.attempt(request, "call", judgeStatusAnswer);
    const delay = delayAfter(attempt.verdict, retry, call.maxRetries);
    if (delay === undefined) return attempt;
    attempt.report(delay);
    if (attempt.verdict.kind !== "unauthorized") retry += 1;
    if (!(await wait(delay, call))) {
      const requestSent = attempts.mayHaveSent;
      const error = timeoutErrorOf(call.operation, "deadlineMs", requestSent);
      return { ...attempt, verdict: { kind: "expired", error, requestSent }, report: () => {} };
    }
  }
}

/** Returns how long to wait before the next read, or `undefined` if there is none. */
function delayAfter(verdict: Verdict<unknown>, retry: number, maxRetries: number): number | undefined {
  if (verdict.kind === "unauthorized") return 0;
  if (verdict.kind !== "not-taken" && verdict.kind !== "ambiguous") return undefined;
  if (retry >= maxRetries || isTooLongToWait(verdict.retryAfterMs)) return undefined;
  return retryDelayMs(retry, verdict.retryAfterMs);
}
