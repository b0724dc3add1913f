import type { HeaderLookup } from "../transport/http-message.js";

const LONGEST_RETRY_AFTER_MS = 60_000;

/** Returns whether a `Retry-After` is above 60 s. The client does not wait that long: the call rejects immediately. */
export function isTooLongToWait(retryAfterMs: number | null): boolean {
  return (retryAfterMs ?? 0) > LONGEST_RETRY_AFTER_MS;
}

/**
 * Returns the wait that a `Retry-After` header asks for, in milliseconds, or `null` if there is no valid header. The header holds
 * seconds or an HTTP date. A date is compared with the `Date` header of the same response or, without one, with the local clock.
 * A gateway may add a header to that of Wise: the longest wait counts.
 */
export function parseRetryAfter(headers: HeaderLookup, now: number = Date.now()): number | null {
  let longestMs: number | null = null;
  // The comma after the day of the week belongs to a date.
  for (const part of headers.get("retry-after")?.split(/(?<![a-z]),/) ?? []) {
    const value = part.trim();
    const waitMs = /^\d+(\.\d+)?$/.test(value)
      ? Math.min(Math.round(Number(value) * 1000), Number.MAX_SAFE_INTEGER)
      : Math.max(0, parseHttpDate(value) - (parseDateHeader(headers) ?? now));
    if (waitMs >= (longestMs ?? 0)) longestMs = waitMs;
  }
  return longestMs;
}

/**
 * Returns the `Date` header in milliseconds since 1970, in whole seconds, or `null` if there is no valid header. A response with an
 * `Age` comes from a cache, which may have kept its `Date`, even if it has asked Wise whether the response is still valid.
 */
export function parseDateHeader(headers: HeaderLookup): number | null {
  const date = parseHttpDate((headers.has("age") ? null : headers.get("date")) ?? "");
  return Number.isNaN(date) ? null : date;
}

/**
 * Returns an HTTP date in milliseconds since 1970, or `NaN` if the text is not one. Each of the three formats begins with the day
 * of the week. One of them ends with the year instead of the time zone, which is GMT. `Date.parse` alone would accept texts that
 * are not dates, such as `5, 7`, and read any other date without a time zone as local time.
 */
function parseHttpDate(text: string): number {
  if (!/^[A-Z][a-z]+,? .* \d\d:\d\d:\d\d (GMT|UTC|[+-]?\d{4})$/.test(text)) return Number.NaN;
  return Date.parse(/ \d{4}$/.test(text) ? `${text} GMT` : text);
}
