/** An ISO 8601 timestamp with a time zone. The seconds may have a fraction, or a stray digit as in the documented `12:24:560Z`. */
const TIME = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:[.,](\d{1,3})\d*|(\d))?(?:Z|([+-])(\d\d):?(\d\d))$/;

/**
 * Returns a Wise timestamp in milliseconds since 1970, or `undefined` if it cannot be ordered: it is missing, not a timestamp, or
 * has no time zone. Digits after the milliseconds are dropped, because events may lack what reads have.
 *
 * Wise's documentation shows `2024-01-01T12:24:560Z`, and `12:34:567Z` on the same page. Other examples have 12:24:56 and
 * 12:34:56 in these places, so the last digit is probably a fraction that lost its point: 56.0 and 56.7 seconds.
 *
 * `Date.parse` is not enough: it differs between runtimes, rolls 30 February over into March, and reads a time without a zone as
 * local time.
 */
export function parseTimestamp(timestamp: string | null): number | undefined {
  const [, seconds, fraction, strayDigit, sign, hours, minutes] = TIME.exec(timestamp ?? "") ?? [];
  const time = Date.parse(`${seconds}Z`);
  if (Number.isNaN(time) || new Date(time).toISOString() !== `${seconds}.000Z`) return undefined;
  const offset = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60_000;
  return time + Number(`0.${fraction ?? strayDigit ?? 0}`) * 1000 - (sign === "-" ? -offset : offset);
}

/**
 * Returns whether a Wise timestamp has no fraction of a second, as in events of schema version 2.0.0. A stray digit does not
 * count.
 */
export function isInWholeSeconds(timestamp: string | null): boolean {
  return !/[.,]/.test(timestamp ?? "");
}

/** Returns a time in milliseconds since 1970 as ISO 8601. */
export function toTimestamp(ms: number): string {
  return new Date(ms).toISOString();
}
