import { orderableTime } from "../production/orderable-time.js";
import type { Production } from "../production/production.js";
import { isFinal } from "../production/production-flow.js";
import { compareProductions, PLACE_IN_ATTEMPT } from "../production/production-order.js";
import { isSameProduction } from "../production/same-production.js";

/**
 * What an event means beside what is known already. Events come late, twice and out of order, so only one that is surely news is
 * believed at once:
 *
 * | event | |
 * | --- | --- |
 * | `PRODUCED` | believe: it is final |
 * | the same as is known | ignore |
 * | nothing was read yet | read |
 * | one of the two has a time that can not be ordered | read |
 * | later than what is known: a later attempt, or a later state of this one | believe |
 * | anything else | read |
 */
export function believeEvent(known: Production | undefined, event: Production): "believe" | "read" | "ignore" {
  if (known !== undefined && (isFinal(known) || isSameProduction(known, event))) return "ignore";
  if (isFinal(event)) return "believe";
  if (known === undefined || !isOrderable(known) || !isOrderable(event)) return "read";
  return compareProductions(event, known) > 0 ? "believe" : "read";
}

/**
 * Whether what was read is news. A read is believed, unless it can not be true any more: after `PRODUCED` nothing follows, and
 * an attempt does not go back. It then is a read that an event overtook.
 */
export function isReadNews(known: Production | undefined, read: Production): boolean {
  if (known === undefined) return true;
  if (isFinal(known) || isSameProduction(known, read)) return false;
  const isSameAttempt =
    known.occurredAt !== null && known.occurredAt === read.occurredAt && known.kioskId === read.kioskId;
  return !isSameAttempt || PLACE_IN_ATTEMPT[read.status] > PLACE_IN_ATTEMPT[known.status];
}

function isOrderable({ occurredAt }: Production): boolean {
  return orderableTime(occurredAt) !== undefined;
}
