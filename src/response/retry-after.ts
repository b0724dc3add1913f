const LONGEST_RETRY_AFTER_MS = 60_000;

/** Whether a `Retry-After` is too long to be waited for: above 60 s the caller gets the error at once, to decide. */
export function isTooLongToWait(retryAfterMs: number | null): boolean {
  return (retryAfterMs ?? 0) > LONGEST_RETRY_AFTER_MS;
}

/**
 * How long a `Retry-After` header asks to wait, in milliseconds: it holds seconds, or a date, which is set against the `Date`
 * header of the same answer and, without one, against the local clock. `null` without a header that can be read.
 */
export function retryAfterMs(headers: ReadonlyMap<string, string>, now: number = Date.now()): number | null {
  const value = headers.get("retry-after")?.trim();
  if (value === undefined || value === "") return null;
  if (/^\d+(\.\d+)?$/.test(value)) return Math.min(Math.round(Number(value) * 1000), Number.MAX_SAFE_INTEGER);
  const until = parseHttpDate(value);
  return Number.isNaN(until) ? null : Math.max(0, until - (parseDateHeader(headers) ?? now));
}

/** The time at which an answer was made, by its `Date` header, in whole seconds as milliseconds since 1970. */
export function parseDateHeader(headers: ReadonlyMap<string, string>): number | null {
  const date = parseHttpDate(headers.get("date") ?? "");
  return Number.isNaN(date) ? null : date;
}

/**
 * Each of the three forms of a date in HTTP begins with the day of the week, and one of them leaves out that it is in GMT.
 * `Date.parse` alone would take much for a date that is none, such as `5, 7`.
 */
function parseHttpDate(text: string): number {
  if (!/^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)/.test(text)) return Number.NaN;
  return Date.parse(/ \d{4}$/.test(text) ? `${text} GMT` : text);
}
