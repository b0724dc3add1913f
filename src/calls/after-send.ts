import type { Production } from "../production/production.js";
import type { WriteOutcome } from "../response/attempt-outcome.js";
import { isTooLongToWait } from "../response/retry-after.js";
import { nextRead, pauseBeforeReadMs } from "./read-schedule.js";
import { type Next, type ReconcilePolicy, type Reconciliation, reject, type TimeSpan } from "./reconciliation.js";

/**
 * Decides what to do after a request:
 *
 * | outcome | no doubt | an earlier request of the call is in doubt |
 * | --- | --- | --- |
 * | success | resolve | resolve |
 * | `REQUEST_ALREADY_EXISTS` | read once, with this response in hand | read, with this response in hand |
 * | another `REQUEST_ERROR` | resolve | read, with this response in hand |
 * | certainly not taken | wait, send | wait, read |
 * | 401, if there is another token | send | read |
 * | rejected; `Retry-After` above 60 s | reject | reject, it may have taken effect |
 * | ambiguous | now in doubt: wait, read | wait, read |
 *
 * With `maxRetries: 0` nothing is sent again, and nothing is read.
 */
export function afterSend<T>(
  policy: ReconcilePolicy,
  known: Reconciliation,
  outcome: WriteOutcome<T>,
  { startedAt, endedAt }: TimeSpan,
): Next<T> {
  if (outcome.kind === "done") return [known, { do: "resolve", value: outcome.value }];
  const sent: Reconciliation = {
    ...known,
    sends: known.sends + 1,
    backoff: undefined,
    reads: 0,
    failedReads: 0,
    refused: undefined,
  };
  const inDoubt = known.windowBeganAt !== undefined;
  switch (outcome.kind) {
    case "refused":
      return afterRefusal(policy, sent, outcome.production, { startedAt, endedAt });
    case "unauthorized": {
      const failed = { ...sent, sends: known.sends, lastError: outcome.error };
      return [failed, inDoubt ? nextRead(policy, failed, endedAt, null) : { do: "send", waitMs: 0 }];
    }
    case "rejected":
      return [sent, reject(outcome.error, inDoubt || outcome.mayHaveTakenEffect === true)];
    case "ended":
      return [sent, reject(outcome.error, inDoubt || outcome.requestSent)];
    case "not-taken":
    case "ambiguous": {
      const { error, retryAfterMs } = outcome;
      const isAmbiguous = outcome.kind === "ambiguous";
      const waitMs = policy.retryDelayMs(known.sends, retryAfterMs);
      const failed: Reconciliation = {
        ...sent,
        lastError: error,
        backoff: { from: endedAt, ms: waitMs },
        ...(isAmbiguous ? { since: known.since ?? startedAt, windowBeganAt: endedAt } : {}),
      };
      const mayHaveTakenEffect = inDoubt || isAmbiguous;
      const isOver =
        policy.maxRetries === 0 ||
        isTooLongToWait(retryAfterMs) ||
        (!mayHaveTakenEffect && sent.sends > policy.maxRetries);
      if (isOver) return [failed, reject(error, mayHaveTakenEffect)];
      return [failed, mayHaveTakenEffect ? nextRead(policy, failed, endedAt, retryAfterMs) : { do: "send", waitMs }];
    }
  }
}

/**
 * Decides what to do after a `REQUEST_ERROR`.
 *
 * A `REQUEST_ALREADY_EXISTS` may be about the same request that it responds to, if a gateway sent that request twice. It also
 * means that something exists that a read may not show yet. So if an earlier request is in doubt, the reconcile window starts
 * again.
 */
function afterRefusal<T>(
  policy: ReconcilePolicy,
  sent: Reconciliation,
  production: Production,
  span: TimeSpan,
): Next<T> {
  const alreadyExists = production.errorCode === "REQUEST_ALREADY_EXISTS";
  const refused = { ...sent, refused: production };
  if (sent.windowBeganAt !== undefined) {
    const inDoubt = alreadyExists ? { ...refused, windowBeganAt: span.endedAt } : refused;
    return [inDoubt, nextRead(policy, inDoubt, span.endedAt, null)];
  }
  if (!alreadyExists || policy.maxRetries === 0) return [sent, { do: "resolve", value: production }];
  const waitMs = Math.min(pauseBeforeReadMs(0), policy.reconcileWindowMs);
  return [
    { ...refused, since: span.startedAt },
    { do: "read", waitMs },
  ];
}
