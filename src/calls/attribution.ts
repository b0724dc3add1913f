import type { Production } from "../production/production.js";
import { compareTimes, isEarlierState } from "../production/production-order.js";
import { isElsewhere } from "../production/same-kiosk.js";
import { isOfSameTime, isSameProduction, mayBeSameProduction } from "../production/same-production.js";
import { isInWholeSeconds, parseTimestamp } from "../production/timestamp.js";
import type { Instant } from "../time/clock.js";

/** What caused a state that was read: this call (`ours`), something before it (`older`), or it is not known (`unknown`). */
export type Attribution = "ours" | "older" | "unknown";

/** A moment on Wise's clock, and how exactly it is known. */
export interface Moment {
  /** In milliseconds since 1970. */
  readonly at: number;
  /** A time is certainly before the moment if it is earlier than `at` by more than this. */
  readonly toleranceBeforeMs: number;
  /** A time is certainly not before the moment if it is later than `at` by this or more. */
  readonly toleranceAfterMs: number;
}

/** On Wise's own clock `at` is a lower bound: `Date` has whole seconds, and the response took time to arrive. */
const BY_WISE = { toleranceBeforeMs: 60_000, toleranceAfterMs: 0 };

/** Our clock may differ from Wise's. */
const BY_OUR_CLOCK = { toleranceBeforeMs: 5 * 60_000, toleranceAfterMs: 5 * 60_000 };

/**
 * Estimates the time on Wise's clock when something began `elapsedMs` ago.
 *
 * @param respondedAt the `Date` of a response that just arrived, in milliseconds since 1970; `null` if it has none.
 * @param now the time on our clock, in milliseconds since 1970. It is used if the response has no `Date`.
 */
export function estimateWiseTime(respondedAt: number | null, elapsedMs: number, now: number): Moment {
  return respondedAt === null ? { at: now - elapsedMs, ...BY_OUR_CLOCK } : { at: respondedAt - elapsedMs, ...BY_WISE };
}

/**
 * Returns whether a state came before a request began, even if only by milliseconds. Wise's `Date` has whole seconds, which is too
 * coarse, so our clock decides. It is trusted only if it agrees with Wise's clock; otherwise the function returns `false`.
 *
 * @param occurredAt the time of the state, as Wise sent it.
 * @param began when the request began.
 * @param read when the read began and ended, and the `Date` of its response in milliseconds since 1970; `null` if it has none.
 */
export function isJustBefore(
  occurredAt: string | null,
  began: Instant,
  read: { readonly startedAt: Instant; readonly endedAt: Instant; readonly respondedAt: number | null },
): boolean {
  const { startedAt, endedAt, respondedAt } = read;
  if (respondedAt === null) return false;
  const isAgreed = startedAt.wallMs < respondedAt + 1000 && endedAt.wallMs >= respondedAt;
  return isAgreed && latestTime(occurredAt) < began.wallMs;
}

/** What is known about a read that reconciles a call. */
export interface ReadEvidence {
  /** The state that was read. */
  readonly read: Production;
  /** The kiosk that this call asked for. */
  readonly kioskId: string;
  /** The last production known from before the request. */
  readonly before: Production | undefined;
  /** When the first request in doubt began. */
  readonly began: Moment;
}

/**
 * Decides whether this call caused the state that was read. The first row that applies decides. S is when the first request in
 * doubt began.
 *
 * | | |
 * | --- | --- |
 * | `before` known and equal, a failure without a time | unknown: two failures can look the same |
 * | `before` known and equal (status, kiosk, time, error code) | older |
 * | `before` known, and the state comes before it | older: the read lags |
 * | `before` known, different, and the state names another kiosk | unknown |
 * | `before` known, different, and it was `IN_PROGRESS` | unknown: it may be how that production ended |
 * | `before` known, and different only by details that one of them lacks: kiosk, time, error code | older if the time is the same, else unknown |
 * | `before` known, another status of the same time, and `before` was not `READY` | older: it is how that print ended |
 * | `before` known, different, and the state's time is more than 60 s before S | older |
 * | `before` known, different, and the state is not a `REQUEST_ERROR` | ours |
 * | the state's time is missing or cannot be ordered | unknown |
 * | its time is at or after S, and it names another kiosk | unknown |
 * | its time is at or after S | ours |
 * | its time is more than 60 s before S | older |
 * | in between | unknown |
 *
 * A `REQUEST_ERROR` is the response to one request and not a state of the card. As `before` it counts only for a read of the same
 * refusal, and for states that certainly have an earlier or later time. Other states are decided as without `before`.
 *
 * If the response has no `Date`, our clock is used. "More than 60 s before S" then means more than 5 minutes before S, and "at or
 * after S" means at least 5 minutes after S.
 */
export function attribute({ read, kioskId, before: known, began }: ReadEvidence): Attribution {
  const isUnordered = known?.status === "REQUEST_ERROR" && !isSameProduction(read, known) && !compareTimes(read, known);
  const before = isUnordered ? undefined : known;
  const time = parseTimestamp(read.occurredAt) ?? Number.NaN;
  const isBefore = time - began.at < -began.toleranceBeforeMs;
  if (before !== undefined) {
    if (isSameProduction(read, before)) return isTimelessFailure(read) ? "unknown" : "older";
    if (isEarlierState(read, before)) return "older";
    if (isElsewhere(read, kioskId) || before.status === "IN_PROGRESS") return "unknown";
    const isSamePrint = before.status !== "READY" && isOfSameTime(read, before);
    if (mayBeSameProduction(read, before)) return isSamePrint ? "older" : "unknown";
    if (isSamePrint && read.status !== before.status) return "older";
  }
  if (isBefore) return "older";
  if (before !== undefined && read.status !== "REQUEST_ERROR") return "ours";
  return latestTime(read.occurredAt) - began.at >= began.toleranceAfterMs && !isElsewhere(read, kioskId)
    ? "ours"
    : "unknown";
}

/** Returns whether a state is a failure without a time. Two such failures look the same, even of different prints. */
export function isTimelessFailure({ status, occurredAt }: Production): boolean {
  return status === "PRODUCTION_ERROR" && occurredAt === null;
}

/**
 * Returns the latest moment that a timestamp can mean, in milliseconds since 1970, or `NaN` if it cannot be ordered. A timestamp
 * in whole seconds is truncated, not rounded.
 */
function latestTime(occurredAt: string | null): number {
  const time = parseTimestamp(occurredAt) ?? Number.NaN;
  return isInWholeSeconds(occurredAt) ? time + 999 : time;
}
