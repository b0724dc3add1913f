import type { AttemptOutcome } from "../response/attempt-outcome.js";
import { isTooLongToWait } from "../response/retry-after.js";
import { retryDelayMs, wait } from "../time/wait.js";
import type { Attempt, Attempts, Classify } from "./attempts.js";
import type { Call, CallRequest } from "./call.js";
import type { Purpose } from "./report-attempt.js";

/** The last attempt of a request that is safe to repeat. */
export interface RepeatedAttempt<V> extends Attempt<AttemptOutcome<V>> {
  /** Whether it is unknown what became of an earlier attempt. */
  readonly wasInDoubt: boolean;
}

/** How a request may be repeated. */
export interface RepeatOptions {
  /** What the requests are for. Default: `call`. */
  readonly purpose?: Purpose;
  /** Whether a request in doubt may be repeated. Default: `true`. */
  readonly repeatsInDoubt?: boolean;
  /** Awaited before the request is sent again. */
  readonly beforeRepeat?: (() => Promise<unknown>) | undefined;
}

/**
 * Sends a request, and sends it again after every transient failure, up to `maxRetries` times. It must be safe to repeat: a
 * read, or a write that has the same effect if it is sent twice. The caller must report the returned attempt, because only the
 * caller knows whether another request follows.
 *
 * @throws the reason of the caller's signal.
 */
export async function repeatSafely<V>(
  attempts: Attempts,
  request: CallRequest,
  call: Call,
  classify: Classify<AttemptOutcome<V>>,
  { purpose = "call", repeatsInDoubt = true, beforeRepeat }: RepeatOptions = {},
): Promise<RepeatedAttempt<V>> {
  let wasInDoubt = false;
  for (let retry = 0; ; ) {
    const attempt = await attempts.attempt(request, purpose, classify);
    const { outcome } = attempt;
    const isOver = outcome.kind === "ambiguous" && !repeatsInDoubt;
    const delay = isOver ? undefined : delayAfterOutcome(outcome, retry, call.maxRetries);
    if (delay === undefined) return { ...attempt, wasInDoubt };
    attempt.report(delay);
    wasInDoubt ||= outcome.kind === "ambiguous";
    if (outcome.kind !== "unauthorized") retry += 1;
    if (!(await wait(delay, call))) {
      const ended = { kind: "ended", error: attempts.deadlineError(), requestSent: wasInDoubt } as const;
      return { ...attempt, outcome: ended, wasInDoubt, report: () => {} };
    }
    await beforeRepeat?.();
  }
}

/** Returns the wait before the next attempt in milliseconds, or `undefined` if no other attempt follows. */
function delayAfterOutcome(outcome: AttemptOutcome<unknown>, retry: number, maxRetries: number): number | undefined {
  if (outcome.kind === "unauthorized") return 0;
  if (outcome.kind !== "not-taken" && outcome.kind !== "ambiguous") return undefined;
  if (retry >= maxRetries || isTooLongToWait(outcome.retryAfterMs)) return undefined;
  return retryDelayMs(retry, outcome.retryAfterMs);
}
