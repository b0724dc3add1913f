/** ISO 8601 with a zone. After the seconds a fraction, or the one digit too many of the documented `12:24:560Z`. */
const TIME = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:[.,](\d+)|(\d))?(?:Z|([+-])(\d\d):?(\d\d))$/;

/**
 * A timestamp of Wise's in milliseconds since 1970, or `undefined` where it can not be ordered: it is missing, it is no time, or
 * it names no zone.
 *
 * Wise's documentation shows `2024-01-01T12:24:560Z`, and `12:34:567Z` on the same page. Beside its other examples, which have
 * 12:24:56 and 12:34:56 in these places, that is a fraction whose point got lost; it is read as 56.0 and 56.7 seconds.
 *
 * `Date.parse` alone would not do: it differs between runtimes, rolls the 30th of February over, and reads times without a zone
 * by the local clock.
 */
export function parseTimestamp(timestamp: string | null): number | undefined {
  const [, seconds, fraction, strayDigit, sign, hours, minutes] = TIME.exec(timestamp ?? "") ?? [];
  const time = Date.parse(`${seconds}Z`);
  if (Number.isNaN(time) || new Date(time).toISOString() !== `${seconds}.000Z`) return undefined;
  const offset = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60_000;
  return time + Number(`0.${fraction ?? strayDigit ?? 0}`) * 1000 - (sign === "-" ? -offset : offset);
}

/** Whether a timestamp of Wise's is told in whole seconds, as those of events of schema version 2.0.0 are. */
export function isInWholeSeconds(timestamp: string): boolean {
  return !/[.,]/.test(timestamp);
}
