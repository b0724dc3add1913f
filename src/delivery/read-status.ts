import { judgeStatusAnswer, type ReadProduction } from "../answer/judge-answer.js";
import { timeoutErrorOf } from "../answer/judge-failure.js";
import { LONGEST_RETRY_AFTER_MS } from "../answer/retry-after.js";
import type { Verdict } from "../answer/verdict.js";
import { wait } from "../time/wait.js";
import type { Attempt, Attempts } from "./attempts.js";
import type { Call, CallRequest } from "./call.js";
import { retryDelayMs } from "./retry-delay.js";

/**
 * Reads the status, as often as `maxRetries` allows: reading changes nothing, so it is done again after everything that may
 * pass. The last attempt is given back unreported, for the caller knows whether another request follows.
 *
 * @throws the reason of the caller's signal.
 */
export async function readStatus(
  attempts: Attempts,
  request: CallRequest,
  call: Call,
  purpose: "call" | "settle",
): Promise<Attempt<Verdict<ReadProduction>>> {
  for (let retry = 0; ; ) {
    const attempt = await attempts.attempt(request, purpose, judgeStatusAnswer);
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

/** How long to wait before reading again; `undefined` where that is the end of it. */
function delayAfter(verdict: Verdict<unknown>, retry: number, maxRetries: number): number | undefined {
  if (verdict.kind === "unauthorized") return 0;
  if (verdict.kind !== "not-taken" && verdict.kind !== "ambiguous") return undefined;
  if (retry >= maxRetries || (verdict.retryAfterMs ?? 0) > LONGEST_RETRY_AFTER_MS) return undefined;
  return retryDelayMs(retry, verdict.retryAfterMs);
}
