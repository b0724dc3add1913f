import type { Production } from "../production/production.js";
import { isFinal } from "../production/production-flow.js";
import { hasEarlierTime } from "../production/production-order.js";
import { isSameKiosk } from "../production/same-kiosk.js";
import { isOfSameTime, isSameProduction } from "../production/same-production.js";
import { isInWholeSeconds, parseTimestamp } from "../production/timestamp.js";

/** Whether to accept a reported state as the state of the card, to read the status again to confirm it, or to ignore it. */
export type UpdateDecision = "accept" | "refetch" | "ignore";

/** How much later a time must be to count as certainly later: schema version 2.0.0 of the event has times in whole seconds. */
const CERTAINLY_LATER_MS = 1000;

/**
 * Decides what to do with an event, given the known state. Events arrive late, twice and out of order, so an event is accepted
 * only if it is certainly newer. The first matching row decides:
 *
 * | event | decision |
 * | --- | --- |
 * | the same as the known state, or `PRODUCED` is known | ignore |
 * | `PRODUCED` | accept: it is final |
 * | any event before a state is known, or a status that is not a step of a production | refetch |
 * | the failure of exactly the print that is known to be in progress | accept |
 * | later than the known state by a second or more | accept |
 * | anything else | refetch |
 */
export function classifyEvent(known: Production | undefined, event: Production): UpdateDecision {
  if (known !== undefined && (isFinal(known) || isSameProduction(known, event))) return "ignore";
  if (isFinal(event)) return "accept";
  if (known === undefined || event.status === "REQUEST_ERROR" || event.status === "UNRECOGNIZED") return "refetch";
  const isOfKnownPrint = endsPrint(known, event) && !isInWholeSeconds(event.occurredAt);
  return isOfKnownPrint || isCertainlyLater(known, event) ? "accept" : "refetch";
}

/**
 * Decides what to do with a read, given the known state. Wise knows the state best, so a read is accepted unless it may be
 * outdated. The first matching row decides:
 *
 * | read | decision |
 * | --- | --- |
 * | the first state | accept |
 * | the same as the known state, or `PRODUCED` is known | ignore |
 * | `PRODUCED` | accept: it is final |
 * | sent before an event that has been accepted since | refetch |
 * | the beginning of the print that is known to have failed, or an earlier time: the read lags behind | ignore |
 * | anything else | accept |
 *
 * @param isOvertaken whether an event has been accepted since the read was sent.
 */
export function classifyRead(known: Production | undefined, read: Production, isOvertaken: boolean): UpdateDecision {
  if (known === undefined) return "accept";
  if (isFinal(known) || isSameProduction(known, read)) return "ignore";
  if (isFinal(read)) return "accept";
  if (isOvertaken) return "refetch";
  return endsPrint(read, known) || hasEarlierTime(read, known) ? "ignore" : "accept";
}

/**
 * Returns whether `end` is the failure of the print that `begun` reports as in progress, or of one in the same second if only `end`
 * has a time in whole seconds. If `begun` has one, that proves nothing, because two prints may share it.
 */
function endsPrint(begun: Production, end: Production): boolean {
  return (
    begun.status === "IN_PROGRESS" &&
    end.status === "PRODUCTION_ERROR" &&
    isSameKiosk(begun.kioskId, end.kioskId) &&
    isOfSameTime(begun, end) &&
    !isInWholeSeconds(begun.occurredAt)
  );
}

function isCertainlyLater(known: Production, event: Production): boolean {
  const [before = Number.NaN, after = Number.NaN] = [known, event].map(({ occurredAt }) => parseTimestamp(occurredAt));
  return after - before >= CERTAINLY_LATER_MS;
}
