import { parseTimestamp } from "../production/timestamp.js";
import { estimateWiseTime, type Moment } from "./attribution.js";
import type { ProductionIntent } from "./production-intent.js";

/** The times of an intent that show when its requests were under way. */
export type IntentTimes = Pick<ProductionIntent, "requestedAt" | "expiresAt" | "wiseAt" | "wiseAtOurs">;

/** When a read began. */
export interface ReadBeginning {
  /** By our clock, in milliseconds since 1970. */
  readonly startedAt: number;
  /**
   * By Wise's clock, in milliseconds since 1970: the `Date` of the response less the duration of the read. `null` if the response
   * had no `Date`.
   */
  readonly wiseAt: number | null;
}

/** `Date` has whole seconds. */
const DATE_GRAIN_MS = 1000;

/** How far the clocks of two machines may be apart. */
const CLOCK_DIFFERENCE_MS = 2 * 60_000;

/**
 * Returns when the first request of an intent began, by Wise's clock: never too late, because `Date` has whole seconds and the
 * response took time to arrive. If no `Date` was known, our clock is used with a tolerance of 5 minutes.
 */
export function estimateIntentStart(intent: IntentTimes): Moment {
  const requestedAt = parseIntentTime(intent.requestedAt);
  const wise = wiseTime(intent);
  if (wise === undefined) return estimateWiseTime(null, 0, requestedAt);
  return estimateWiseTime(wise.at, wise.atOurs - requestedAt + DATE_GRAIN_MS, requestedAt);
}

/**
 * Returns how much of an intent's window was left when a read began, in milliseconds; 0 or less if it was over. The window ends
 * `windowMs` after the latest request of the intent was aborted, by Wise's clock. If the intent or the read has no `Date`, our
 * clock is used and the window ends 2 minutes later.
 */
export function intentWindowLeftMs(intent: IntentTimes, read: ReadBeginning, windowMs: number): number {
  const expiresAt = parseIntentTime(intent.expiresAt);
  const wise = wiseTime(intent);
  if (wise === undefined || read.wiseAt === null) {
    return expiresAt + CLOCK_DIFFERENCE_MS + windowMs - read.startedAt;
  }
  return wise.at + DATE_GRAIN_MS + (expiresAt - wise.atOurs) + windowMs - read.wiseAt;
}

/**
 * Returns whether the window of an intent was over when a read began. An earlier read may show a state from before the request
 * arrived, so it cannot show that the request had no effect.
 */
export function isIntentWindowOver(intent: IntentTimes, read: ReadBeginning, windowMs: number): boolean {
  return intentWindowLeftMs(intent, read, windowMs) <= 0;
}

/** Returns a time on Wise's clock and the same time on our clock, or `undefined` if the intent has none. */
function wiseTime({ wiseAt, wiseAtOurs }: IntentTimes): { at: number; atOurs: number } | undefined {
  return wiseAt === null || wiseAtOurs === null
    ? undefined
    : { at: parseIntentTime(wiseAt), atOurs: parseIntentTime(wiseAtOurs) };
}

/** Returns a time of an intent in milliseconds since 1970; `NaN` for a text that is not one. */
function parseIntentTime(timestamp: string): number {
  return parseTimestamp(timestamp) ?? Number.NaN;
}
