import type { Production } from "../production/production.js";
import { isFinal } from "../production/production-flow.js";
import { isSameKiosk } from "../production/same-kiosk.js";
import { isSameProduction } from "../production/same-production.js";
import { isInWholeSeconds, parseTimestamp } from "../production/timestamp.js";

/** What to do with a state that was told: it is the card's, or a read at once has to tell, or it says nothing new. */
export type UpdateDecision = "believe" | "read" | "ignore";

/** By how much later a time has to be to be surely later: some versions of the event have it in whole seconds. */
const SURELY_LATER_MS = 1000;

/**
 * What an event means beside what is known already. Events come late, twice and out of order, so only one that is surely news is
 * believed. The first line that fits decides:
 *
 * | event | |
 * | --- | --- |
 * | the same as is known, or `PRODUCED` is known | ignore |
 * | `PRODUCED` | believe: it is final |
 * | a status that is no step of a production | read |
 * | the end of the very attempt that is known to be in progress | believe |
 * | later than what is known by a second or more | believe |
 * | anything else | read |
 */
export function classifyEvent(known: Production | undefined, event: Production): UpdateDecision {
  if (known !== undefined && (isFinal(known) || isSameProduction(known, event))) return "ignore";
  if (isFinal(event)) return "believe";
  if (known === undefined || event.status === "REQUEST_ERROR" || event.status === "UNRECOGNIZED") return "read";
  return endsAttempt(known, event) || isSurelyLater(known, event) ? "believe" : "read";
}

/**
 * What a read means beside what is known already. It is believed, for Wise knows best, but not blindly. The first line that fits
 * decides:
 *
 * | read | |
 * | --- | --- |
 * | the same as is known, or `PRODUCED` is known | ignore |
 * | `PRODUCED` | believe: it is final |
 * | asked for before an event that was believed since | read |
 * | the beginning of the very attempt that is known to have failed: it lags behind | ignore |
 * | anything else | believe |
 *
 * @param isOvertaken whether an event was believed since the read was asked for.
 */
export function classifyRead(known: Production | undefined, read: Production, isOvertaken: boolean): UpdateDecision {
  if (known === undefined) return "believe";
  if (isFinal(known) || isSameProduction(known, read)) return "ignore";
  if (isFinal(read)) return "believe";
  if (isOvertaken) return "read";
  return endsAttempt(read, known) ? "ignore" : "believe";
}

/**
 * Whether `end` tells that the attempt failed of which `begun` tells that it is in progress. In whole seconds two attempts may
 * have the same time.
 */
function endsAttempt(begun: Production, end: Production): boolean {
  return (
    begun.status === "IN_PROGRESS" &&
    end.status === "PRODUCTION_ERROR" &&
    isSameKiosk(begun.kioskId, end.kioskId) &&
    begun.occurredAt !== null &&
    begun.occurredAt === end.occurredAt &&
    !isInWholeSeconds(begun.occurredAt)
  );
}

function isSurelyLater(known: Production, event: Production): boolean {
  const [before, after] = [parseTimestamp(known.occurredAt), parseTimestamp(event.occurredAt)];
  return before !== undefined && after !== undefined && after - before >= SURELY_LATER_MS;
}
