import type { Production } from "../production/production.js";
import { isEarlierState } from "../production/production-order.js";
import type { ErrorFactory, FailedAttempt } from "../response/attempt-outcome.js";
import { isTooLongToWait } from "../response/retry-after.js";
import { backoffLeftMs, isWindowOver, nextRead } from "./read-schedule.js";
import {
  type Conclusion,
  type Next,
  type ReconcilePolicy,
  type Reconciliation,
  reject,
  type Step,
  type TimeSpan,
} from "./reconciliation.js";

/**
 * Decides what to do after a read:
 *
 * | | no response in hand | a `REQUEST_ERROR` in hand |
 * | --- | --- | --- |
 * | resolve | resolve with what was read | resolve with what was read |
 * | send again | send, if that is allowed and retries are left, else reject | resolve with the response in hand |
 * | stop | reject | resolve with the response in hand |
 *
 * Reads may lag, and a request may arrive late. A read that began within the reconcile window therefore ends the call only if
 * it shows the work of this call, or a production in progress that may be its work. Otherwise the call reads again.
 *
 * If no request is in doubt, the read follows a `REQUEST_ALREADY_EXISTS`. One such read is enough: the call resolves with what
 * was read if that is the work of this call, else with the response in hand.
 */
export function afterRead<T>(
  policy: ReconcilePolicy,
  known: Reconciliation,
  read: Production,
  { action, attribution }: Conclusion,
  span: TimeSpan,
): Next<T> {
  const informed: Reconciliation = { ...known, lastRead: read, reads: known.reads + 1, failedReads: 0 };
  const result = certainResult(known);
  if (result !== undefined) {
    const isOurs = action === "resolve" && attribution === "ours";
    return [informed, { do: "resolve", value: isOurs ? read : result }];
  }
  if (action === "resolve" && attribution !== "older") return [informed, { do: "resolve", value: read }];
  if (!isWindowOver(policy, known, span)) return [informed, nextRead(policy, informed, span.endedAt, null)];
  if (action === "resolve") return [informed, { do: "resolve", value: read }];
  if (known.refused !== undefined) return [informed, { do: "resolve", value: known.refused }];
  if (action === "send-again" && policy.resend && known.sends <= policy.maxRetries) {
    const waitMs = backoffLeftMs(known, span.endedAt);
    return [
      { ...informed, before: laterState(read, known.before) },
      { do: "send", waitMs },
    ];
  }
  return [informed, rejectInDoubt(known)];
}

/**
 * Decides what to do after a failed read. Within the reconcile window the call reads again. After the window it repeats the
 * read up to `maxRetries` times if the failure is transient. After that, the outcome stays unknown.
 *
 * After a 401 the call reads with another token, if there is one. If no request is in doubt, any other failure ends the call with
 * the response in hand. Otherwise a passed deadline or a `Retry-After` above 60 s ends the call with an error.
 */
export function afterFailedRead<T>(
  policy: ReconcilePolicy,
  known: Reconciliation,
  failure: FailedAttempt,
  span: TimeSpan,
): Next<T> {
  if (failure.kind === "unauthorized") return [known, { do: "read", waitMs: 0 }];
  const result = certainResult(known);
  if (result !== undefined) return [known, { do: "resolve", value: result }];
  if (failure.kind === "ended") return [known, reject(failure.error, true)];
  const isTransient = failure.kind !== "rejected";
  const retryAfterMs = isTransient ? failure.retryAfterMs : null;
  if (isTooLongToWait(retryAfterMs)) return [known, rejectInDoubt(known)];
  const tried: Reconciliation = { ...known, reads: known.reads + 1 };
  if (!isWindowOver(policy, known, span)) return [tried, nextRead(policy, tried, span.endedAt, retryAfterMs)];
  if (!isTransient || known.failedReads >= policy.maxRetries) return [tried, rejectInDoubt(known)];
  const waitMs = policy.retryDelayMs(known.failedReads, retryAfterMs);
  return [
    { ...tried, failedReads: known.failedReads + 1 },
    { do: "read", waitMs },
  ];
}

/**
 * Decides how a call ends if its deadline passes during a wait: with the response in hand if there is one and no request is in
 * doubt, else with the error.
 */
export function afterDeadline<T>(known: Reconciliation, error: ErrorFactory): Step<T> {
  const result = certainResult(known);
  return result === undefined ? reject(error, known.windowBeganAt !== undefined) : { do: "resolve", value: result };
}

/** Returns the response in hand if no request is in doubt. The call resolves with it unless a read shows the work of the call. */
function certainResult({ windowBeganAt, refused }: Reconciliation): Production | undefined {
  return windowBeganAt === undefined ? refused : undefined;
}

/** Returns `read` unless it is an earlier state than `before`: a lagging read must not replace a later state. */
function laterState(read: Production, before: Production | undefined): Production {
  return before !== undefined && isEarlierState(read, before) ? before : read;
}

function rejectInDoubt(known: Reconciliation): Step<never> {
  return reject(known.lastError as ErrorFactory, true);
}
