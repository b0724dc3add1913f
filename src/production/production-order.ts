import type { Production } from "./production.js";
import { isFinal } from "./production-flow.js";
import { isSameKiosk } from "./same-kiosk.js";
import { statusText } from "./same-production.js";
import { isInWholeSeconds, parseTimestamp } from "./timestamp.js";

/** Where a status stands within one attempt to produce a card. */
const PLACE_IN_ATTEMPT = {
  READY: 0,
  IN_PROGRESS: 1,
  UNRECOGNIZED: 2,
  REQUEST_ERROR: 3,
  PRODUCTION_ERROR: 4,
  PRODUCED: 5,
} as const satisfies Record<Production["status"], number>;

/** What decides between two productions of one card, in this order. */
function statusRank(production: Production): readonly (number | string)[] {
  const { status, kioskId, occurredAt, errorCode, description } = production;
  const content = JSON.stringify([statusText(production), kioskId, occurredAt, errorCode, description]);
  return [Number(isFinal(production)), toMoment(production), PLACE_IN_ATTEMPT[status], content];
}

/** Nearly a second: more than any fraction that Wise sends, and not so much that the sum would be rounded up. */
const REST_OF_SECOND_MS = 999.999;

/**
 * When it happened, in milliseconds since 1970; a time that cannot be ordered comes before all others.
 *
 * A time in whole seconds stands for any moment of its second, and another source may tell the same moment in milliseconds. So
 * what begins an attempt counts from the start of the second, and what ends one from its end: the end of an attempt never
 * comes before its own beginning.
 */
function toMoment({ status, occurredAt }: Production): number {
  const time = parseTimestamp(occurredAt);
  if (time === undefined || occurredAt === null) return Number.NEGATIVE_INFINITY;
  const endsAttempt = PLACE_IN_ATTEMPT[status] > PLACE_IN_ATTEMPT.IN_PROGRESS;
  return endsAttempt && isInWholeSeconds(occurredAt) ? Math.floor(time / 1000) * 1000 + REST_OF_SECOND_MS : time;
}

/**
 * Orders the states of one card: below 0 where `one` comes before `other`, 0 where they are the same.
 *
 * `PRODUCED` comes last. Else the time of the request decides, within one attempt the place of the status in it, and at last
 * the rest of the content, so that the order is total.
 */
export function compareProductions(one: Production, other: Production): number {
  const ranks = statusRank(other);
  for (const [index, rank] of statusRank(one).entries()) {
    const otherRank = ranks[index] ?? "";
    if (rank !== otherRank) return rank < otherRank ? -1 : 1;
  }
  return 0;
}

/**
 * Whether `one` is certainly an earlier state of a card than `other`: its request is older, or it is an earlier step of the same
 * attempt. Times are compared in whole seconds if one of them has no fraction.
 */
export function isEarlierState(one: Production, other: Production): boolean {
  const [time, otherTime] = [comparableTime(one, other), comparableTime(other, one)];
  if (time === undefined || otherTime === undefined || time > otherTime) return false;
  if (time < otherTime) return true;
  const isElsewhere = one.kioskId !== null && other.kioskId !== null && !isSameKiosk(one.kioskId, other.kioskId);
  return !isElsewhere && PLACE_IN_ATTEMPT[one.status] < PLACE_IN_ATTEMPT[other.status];
}

function comparableTime({ occurredAt }: Production, { occurredAt: otherwise }: Production): number | undefined {
  const time = parseTimestamp(occurredAt);
  const isCut = [occurredAt, otherwise].some((text) => text !== null && isInWholeSeconds(text));
  return time !== undefined && isCut ? Math.floor(time / 1000) : time;
}
