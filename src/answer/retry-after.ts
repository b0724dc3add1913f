/** The longest `Retry-After` that is waited for. Whoever is asked to wait longer gets the error at once, to decide. */
export const LONGEST_RETRY_AFTER_MS = 60_000;

/**
 * How long a `Retry-After` header asks to wait, in milliseconds: it holds seconds, or a date, which is set against the `Date`
 * header of the same answer and, without one, against the local clock. `null` without a header that can be read.
 */
export function retryAfterMs(headers: ReadonlyMap<string, string>, now: number = Date.now()): number | null {
  const value = headers.get("retry-after")?.trim();
  if (value === undefined || value === "") return null;
  if (/^\d+(\.\d+)?$/.test(value)) return Math.round(Number(value) * 1000);
  const until = Date.parse(value);
  return Number.isNaN(until) ? null : Math.max(0, until - (dateOf(headers) ?? now));
}

/** The time at which an answer was made, by its `Date` header, in whole seconds as milliseconds since 1970. */
export function dateOf(headers: ReadonlyMap<string, string>): number | null {
  const date = Date.parse(headers.get("date") ?? "");
  return Number.isNaN(date) ? null : date;
}
