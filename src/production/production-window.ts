import { parseTimestamp } from "./timestamp.js";

/**
 * The number of days after its creation in which a card can be produced. After that Wise responds with 422, and a new card must
 * be ordered: a retry does not help.
 *
 * @see https://docs.wise.com/guides/product/issue-cards/card-kiosk-collection
 */
export const PRODUCTION_WINDOW_DAYS = 60;

/** {@link PRODUCTION_WINDOW_DAYS} in milliseconds. */
export const PRODUCTION_WINDOW_MS = PRODUCTION_WINDOW_DAYS * 24 * 60 * 60 * 1000;

/**
 * Returns whether a card created at `createdAt` can still be produced at `now`: it was created at most
 * {@link PRODUCTION_WINDOW_DAYS} days of 24 hours ago. Returns `false` if either time cannot be read.
 *
 * @example
 * ```ts
 * import { isWithinProductionWindow } from "wise-card-kiosk";
 *
 * console.log(isWithinProductionWindow("2026-01-01T09:00:00Z", new Date("2026-03-15T09:00:00Z")));
 * // → false
 * ```
 *
 * @param createdAt when the card was created: an ISO 8601 string with seconds and a time zone, or a `Date`.
 * @param now the time to compare with. Default: the current time.
 */
export function isWithinProductionWindow(createdAt: string | Date, now: Date = new Date()): boolean {
  const time = typeof createdAt === "string" ? parseTimestamp(createdAt) : new Date(createdAt).getTime();
  return now.getTime() - (time ?? Number.NaN) <= PRODUCTION_WINDOW_MS;
}
