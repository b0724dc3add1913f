import type { Production } from "./production.js";
import { isFinal } from "./production-flow.js";
import { isElsewhere } from "./same-kiosk.js";
import { statusText } from "./same-production.js";
import { isInWholeSeconds, parseTimestamp } from "./timestamp.js";

/** The rank of each status within one print of a card. */
const STATUS_RANK = {
  READY: 0,
  IN_PROGRESS: 1,
  UNRECOGNIZED: 2,
  REQUEST_ERROR: 3,
  PRODUCTION_ERROR: 4,
  PRODUCED: 5,
} as const satisfies Record<Production["status"], number>;

/**
 * Returns the values that order the productions of one card, the most significant first. Of two reports of one state, the one with
 * the error code sorts last, then the one with the kiosk and the description.
 */
function toSortKeys(production: Production): readonly (number | string)[] {
  const { status, kioskId, occurredAt, errorCode, description } = production;
  const content = JSON.stringify([statusText(production), kioskId, occurredAt, errorCode, description]);
  const details = [errorCode ?? "", kioskId ?? "", description ?? ""];
  return [Number(isFinal(production)), toMoment(production), STATUS_RANK[status], ...details, content];
}

/** Almost a second: above any fraction that Wise sends, and low enough that the sum does not round up to the next second. */
const REST_OF_SECOND_MS = 999.999;

/**
 * Returns when a state occurred, in milliseconds since 1970. A time that cannot be ordered sorts before all others.
 *
 * A time in whole seconds means any moment of its second, and another source may report the same moment in milliseconds. A
 * status that begins a print therefore counts from the start of the second, and one that ends it from the end of the second:
 * no print ends before it begins. Nothing follows `PRODUCED`, so the more precise of its times may sort last.
 *
 * So a failure in whole seconds sorts after each failure in milliseconds of its second, even if it knows less: it may be the end of
 * a print that began later in that second. An unknown status may end a print, so it does the same.
 */
function toMoment({ status, occurredAt }: Production): number {
  const time = parseTimestamp(occurredAt);
  if (time === undefined) return Number.NEGATIVE_INFINITY;
  const endsPrint = STATUS_RANK[status] > STATUS_RANK.IN_PROGRESS && status !== "PRODUCED";
  return endsPrint && isInWholeSeconds(occurredAt) ? Math.floor(time / 1000) * 1000 + REST_OF_SECOND_MS : time;
}

/**
 * Orders the states of one card. Returns -1 if `one` sorts before `other`, 1 if it sorts after, and 0 if they are equal.
 *
 * `PRODUCED` sorts last. Otherwise the time of the request decides, then the rank of the status within one print, then what the
 * reports know, and finally the rest of the content, which makes the order total.
 */
export function compareProductions(one: Production, other: Production): number {
  const otherKeys = toSortKeys(other);
  for (const [index, key] of toSortKeys(one).entries()) {
    const otherKey = otherKeys[index] ?? "";
    if (key !== otherKey) return key < otherKey ? -1 : 1;
  }
  return 0;
}

/**
 * Returns whether `one` is certainly an earlier state of a card than `other`: its time is earlier, or it is an earlier step of
 * the same print.
 */
export function isEarlierState(one: Production, other: Production): boolean {
  const difference = compareTimes(one, other);
  const isEarlierStep = !isElsewhere(one, other.kioskId) && STATUS_RANK[one.status] < STATUS_RANK[other.status];
  return difference < 0 || (difference === 0 && isEarlierStep);
}

/** Returns whether `one` has an earlier time than `other`. */
export function hasEarlierTime(one: Production, other: Production): boolean {
  return compareTimes(one, other) < 0;
}

/**
 * Returns a negative number if the time of `one` is earlier, a positive one if it is later, zero if the times are equal, and `NaN`
 * if one of them cannot be ordered. Times are compared in whole seconds if either of them has no fraction.
 */
export function compareTimes(one: Production, other: Production): number {
  return comparableTime(one, other) - comparableTime(other, one);
}

function comparableTime({ occurredAt }: Production, { occurredAt: otherOccurredAt }: Production): number {
  const time = parseTimestamp(occurredAt) ?? Number.NaN;
  const isInSeconds = [occurredAt, otherOccurredAt].some(isInWholeSeconds);
  return isInSeconds ? Math.floor(time / 1000) : time;
}
