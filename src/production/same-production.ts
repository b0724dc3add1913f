import type { Production } from "./production.js";
import { isElsewhere, isSameKiosk } from "./same-kiosk.js";
import { isInWholeSeconds, parseTimestamp } from "./timestamp.js";

/**
 * Returns whether two productions report the same state: status, kiosk, time and error code. Descriptions are prose and may vary.
 * Times may differ in precision: events of schema version 2.0.0 have whole seconds, API responses have milliseconds.
 */
export function isSameProduction(one: Production, other: Production): boolean {
  return (
    statusText(one) === statusText(other) &&
    isSameKiosk(one.kioskId, other.kioskId) &&
    isSameTime(one.occurredAt, other.occurredAt) &&
    one.errorCode === other.errorCode
  );
}

/**
 * Returns whether two productions may report the same state: they are the same except for a kiosk, a time or an error code that
 * one of them lacks. Responses and events may lack each of them.
 */
export function mayBeSameProduction(one: Production, other: Production): boolean {
  return (
    statusText(one) === statusText(other) &&
    !isElsewhere(one, other.kioskId) &&
    (one.occurredAt === null || other.occurredAt === null || isSameTime(one.occurredAt, other.occurredAt)) &&
    (one.errorCode === null || other.errorCode === null || one.errorCode === other.errorCode)
  );
}

/** Returns whether two productions have the same known time, which means that one request caused both. */
export function isOfSameTime(one: Production, other: Production): boolean {
  return parseTimestamp(one.occurredAt) !== undefined && isSameTime(one.occurredAt, other.occurredAt);
}

/** Returns the status as Wise sent it. */
export function statusText(production: Production): string {
  return production.status === "UNRECOGNIZED" ? production.rawStatus : production.status;
}

/** Returns whether two timestamps tell the same time: in whole seconds if one of them has no fraction. */
function isSameTime(one: string | null, other: string | null): boolean {
  if (one === other) return true;
  const [time = Number.NaN, otherTime = Number.NaN] = [one, other].map(parseTimestamp);
  const isInSeconds = [one, other].some(isInWholeSeconds);
  return isInSeconds ? Math.floor(time / 1000) === Math.floor(otherTime / 1000) : time === otherTime;
}
