import { type Attribution, attribute, estimateWiseTime, type Moment } from "../../calls/attribution.js";
import { estimateIntentStart } from "../../calls/intent-clock.js";
import type { Production } from "../../production/production.js";
import { compareProductions, isEarlierState } from "../../production/production-order.js";
import { isElsewhere } from "../../production/same-kiosk.js";
import { isOfSameTime, isSameProduction } from "../../production/same-production.js";
import { parseTimestamp } from "../../production/timestamp.js";
import type { PrintJob } from "../record/print-job.js";

/** Returns whether the time of a production is known, so that it can be ordered. */
export function hasOrderableTime({ occurredAt }: Production): boolean {
  return parseTimestamp(occurredAt) !== undefined;
}

/**
 * Decides whether the job's print, or the one that it follows, caused a state that was read. What the kiosk accepted for the job
 * has a time of its own: it decides even if a clock was set between the request and the response.
 */
export function attributeRead(read: Production, job: PrintJob): Attribution {
  const { intent, production, kioskId } = job;
  const isOwn = production !== null && restsOnAcceptedPrint(production, job) && isOfSameTime(read, production);
  if (isOwn && !isElsewhere(read, kioskId) && !mayBeBefore(read, job)) return "ours";
  return attribute({ read, kioskId, before: intent?.previous ?? undefined, began: estimateJobStart(job) });
}

/**
 * Decides the same for an event. Events of schema version 2.0.0 have times in whole seconds: an event that ties with the print
 * from before the request may report that print. Neither `READY` nor a refusal is a print, so an event that ties with one is later.
 */
export function attributeEvent(event: Production, job: PrintJob): Attribution {
  return mayBeBefore(event, job) ? "older" : attributeRead(event, job);
}

function mayBeBefore(production: Production, { intent }: PrintJob): boolean {
  const before = intent?.previous ?? null;
  return before !== null && !["READY", "REQUEST_ERROR"].includes(before.status) && isOfSameTime(production, before);
}

/**
 * Returns whether a production differs from the one that the job rests on, and did not precede it. Only a production that was
 * attributed to the job's own print can be preceded: any other may be later than news of the job.
 */
export function isNews(production: Production, job: PrintJob): boolean {
  const { production: basis } = job;
  if (basis === null || basis.status === "REQUEST_ERROR") return true;
  if (isSameProduction(production, basis)) return false;
  return !restsOnAcceptedPrint(basis, job) || !isEarlierState(production, basis);
}

/** Returns whether the production on which a job rests is of the print that the kiosk accepted for the job. */
function restsOnAcceptedPrint(basis: Production, { history, kioskId }: PrintJob): boolean {
  return history.some(({ state }) => state === "accepted") && !isElsewhere(basis, kioskId);
}

/** Returns whether a production is later than the one that the job rests on. Stricter than {@link isNews}: `false` if unknown. */
export function isNewer(production: Production, job: PrintJob): boolean {
  const { production: basis } = job;
  if (basis === null || basis.status === "REQUEST_ERROR") return true;
  return isNews(production, job) && compareProductions(production, basis) > 0;
}

const LASTING: ReadonlySet<string> = new Set(["READY", "IN_PROGRESS", "PRODUCED", "PRODUCTION_ERROR"]);

/**
 * Returns the later of two states of a card. The response to a request, and an unknown status, are ignored: they say nothing about
 * the next request. Without both times, `READY` is the earlier one, because a print follows it.
 */
export function findLaterState(one: Production | null, other: Production | null): Production | null {
  if (one === null || !isLasting(one)) return other !== null && isLasting(other) ? other : null;
  if (other === null || !isLasting(other)) return one;
  const isOrdered = hasOrderableTime(one) && hasOrderableTime(other);
  if (!isOrdered && (one.status === "READY") !== (other.status === "READY"))
    return one.status === "READY" ? other : one;
  return compareProductions(one, other) > 0 ? one : other;
}

function isLasting({ status }: Production): boolean {
  return LASTING.has(status);
}

/** Returns when the print of a job began. A job that follows another print began no later than that print. */
function estimateJobStart({ intent, production, createdAt }: PrintJob): Moment {
  if (intent !== null) return estimateIntentStart(intent);
  const at = parseTimestamp(production?.occurredAt ?? null) ?? null;
  return estimateWiseTime(at, 0, Date.parse(createdAt));
}
