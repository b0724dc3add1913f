import { backoffLeftMs, isWindowOver, nextRead } from "../calls/read-schedule.js";
import {
  type Next,
  type ReconcilePolicy,
  type Reconciliation,
  reject,
  type TimeSpan,
} from "../calls/reconciliation.js";
import type { ErrorFactory } from "../response/attempt-outcome.js";
import type { KioskSubscription } from "./kiosk-subscription.js";
import { matchingSubscriptions, toCreationMs } from "./matching-subscriptions.js";
import type { WantedSubscription } from "./subscription-request.js";

/**
 * Decides what to do after a list that follows a request in doubt to create a subscription. A subscription for the same event, URL
 * and version counts as the result of that request, even if it may be older: a second one would deliver every event twice. Until
 * the reconcile window is over, a list without one proves nothing.
 */
export function afterCreateList(
  policy: ReconcilePolicy,
  known: Reconciliation,
  listed: readonly KioskSubscription[],
  wanted: WantedSubscription,
  span: TimeSpan,
): Next<KioskSubscription> {
  const informed: Reconciliation = { ...known, reads: known.reads + 1, failedReads: 0 };
  const found = findLatest(findPossiblyCreated(listed, wanted));
  if (found !== undefined) return [informed, { do: "resolve", value: found }];
  if (!isWindowOver(policy, known, span)) return [informed, nextRead(policy, informed, span.endedAt, null)];
  if (policy.resend && known.sends <= policy.maxRetries) {
    return [informed, { do: "send", waitMs: backoffLeftMs(known, span.endedAt) }];
  }
  return [informed, reject(known.lastError as ErrorFactory, true)];
}

/** Returns the subscriptions that a request may have created: those with its name if there are any. */
export function findPossiblyCreated(
  listed: readonly KioskSubscription[],
  wanted: WantedSubscription,
): readonly KioskSubscription[] {
  const matching = matchingSubscriptions(listed, wanted);
  const named = matching.filter(({ name }) => name === wanted.name);
  return named.length > 0 ? named : matching;
}

/** Returns the subscription that was created last. The order of the list decides only between equal or missing times. */
export function findLatest(subscriptions: readonly KioskSubscription[]): KioskSubscription | undefined {
  return [...subscriptions].sort((a, b) => toCreationMs(a, 0) - toCreationMs(b, 0)).at(-1);
}
