/** The latest time that a `Date` can represent, in milliseconds since 1970. Its negative is the earliest. */
export const LATEST_TIME_MS = 8.64e15;

/** Returns a time as a `Date`, or the nearest time that a `Date` can represent. */
export function nearestDate(timeMs: number): Date {
  return new Date(Math.min(Math.max(timeMs, -LATEST_TIME_MS), LATEST_TIME_MS));
}
