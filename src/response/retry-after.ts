import type { HeaderLookup } from "../transport/http-message.js";

const LONGEST_RETRY_AFTER_MS = 60_000;

/** Whether a `Retry-After` is above 60 s. The client does not wait that long: the error is returned immediately. */
export function isTooLongToWait(retryAfterMs: number | null): boolean {
  return (retryAfterMs ?? 0) > LONGEST_RETRY_AFTER_MS;
}

/**
 * Returns the wait that a `Retry-After` header asks for, in milliseconds, or `null` if there is no valid header. The header holds
 * seconds or an HTTP date. A date is compared with the `Date` header of the same response or, without one, with the local clock.
 */
export function parseRetryAfter(headers: HeaderLookup, now: number = Date.now()): number | null {
  const value = headers.get("retry-after")?.trim() ?? "";
  if (/^\d+(\.\d+)?$/.test(value)) return Math.min(Math.round(Number(value) * 1000), Number.MAX_SAFE_INTEGER);
  const until = parseHttpDate(value);
  return Number.isNaN(until) ? null : Math.max(0, until - (parseDateHeader(headers) ?? now));
}

/** Returns the `Date` header in milliseconds since 1970, in whole seconds, or `null` if there is no valid header. */
export function parseDateHeader(headers: HeaderLookup): number | null {
  const date = parseHttpDate(headers.get("date") ?? "");
  return Number.isNaN(date) ? null : date;
}

/**
 * Returns an HTTP date in milliseconds since 1970, or `NaN` if the text is not one. Each of the three formats begins with the day
 * of the week, and one of them omits the time zone, GMT. `Date.parse` alone would accept texts that are not dates, such as `5, 7`.
 */
function parseHttpDate(text: string): number {
  if (!/^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)/.test(text)) return Number.NaN;
  return Date.parse(/ \d{4}$/.test(text) ? `${text} GMT` : text);
}
