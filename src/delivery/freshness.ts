import type { Production } from "../production/production.js";
import { isSameProduction } from "../production/same-production.js";

/** Whether a state that was read is the work of this call: `fresh` if surely so, `stale` if surely not. */
export type Freshness = "fresh" | "stale" | "unknown";

/** A moment at Wise, in milliseconds since 1970, and how far a time of Wise's must be from it to be told apart. */
export interface Moment {
  readonly at: number;
  /** How much earlier than `at` is surely before it. */
  readonly before: number;
  /** How much later than `at` is surely not before it. */
  readonly after: number;
}

/** By Wise's own clock, `at` is a lower bound in whole seconds. */
const BY_WISE = { before: 60_000, after: 0 };

/** By our clock, which nobody compared with Wise's. */
const BY_OUR_CLOCK = { before: 5 * 60_000, after: 5 * 60_000 };

/**
 * The time at Wise when something `elapsedMs` ago began.
 *
 * @param answeredAt the time by Wise's clock of an answer that just came, if it told one.
 * @param now the time by our clock, which serves where Wise told none.
 */
export function momentAtWise(answeredAt: number | null, elapsedMs: number, now: number): Moment {
  return answeredAt === null ? { at: now - elapsedMs, ...BY_OUR_CLOCK } : { at: answeredAt - elapsedMs, ...BY_WISE };
}

/** What is known about a read that settles a call. */
export interface ReadEvidence {
  readonly read: Production;
  /** The kiosk that this call asked for. */
  readonly kioskId: string;
  /** The last production known from before the request. */
  readonly before: Production | undefined;
  /** When the first request in doubt began. */
  readonly began: Moment;
}

/**
 * Whether the state that was read is the work of this call. The first line that fits decides:
 *
 * | | |
 * | --- | --- |
 * | it names a kiosk, and not ours | stale |
 * | `before` known, and the same (status, kiosk, time, error code) | stale |
 * | `before` known and different, and it was `IN_PROGRESS` | unknown: it may be how that production ended |
 * | `before` known and different | fresh |
 * | its time is missing or cannot be read | unknown |
 * | its time is at or after the beginning of the first request in doubt | fresh |
 * | its time is more than 60 s before that | stale |
 * | in between | unknown |
 *
 * Where Wise's clock is not known ours serves, and less than 5 minutes either way is unknown.
 */
export function freshnessOf({ read, kioskId, before, began }: ReadEvidence): Freshness {
  if (read.kioskId !== null && read.kioskId !== kioskId) return "stale";
  if (before !== undefined) {
    if (isSameProduction(read, before)) return "stale";
    return before.status === "IN_PROGRESS" ? "unknown" : "fresh";
  }
  const since = momentOf(read.occurredAt) - began.at;
  if (since >= began.after) return "fresh";
  return since < -began.before ? "stale" : "unknown";
}

/** Not a number for a time that cannot be read. One without a zone would be read by the local clock, which nobody asked. */
function momentOf(occurredAt: string | null): number {
  return /(Z|[+-]\d\d:?\d\d)$/i.test(occurredAt ?? "") ? Date.parse(occurredAt ?? "") : Number.NaN;
}
