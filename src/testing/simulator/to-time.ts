import { mustBe, quoteValue } from "../../arguments/found-value.js";
import { parseTimestamp } from "../../production/timestamp.js";

/** Describes a valid time, for error messages. */
export const A_TIME = "a valid Date, or a time in ISO 8601 with a time zone";

/** Describes an invalid time, for error messages. */
export const describeTime = (value: unknown) => (isDate(value) ? "an invalid Date" : quoteValue(value));

/**
 * Returns the time of a `Date` or an ISO 8601 string, or `undefined` if the value is neither. A date alone is its midnight in UTC.
 * What `toISOString` writes is accepted in any year.
 */
export function toTime(value: unknown): Date | undefined {
  const ms = isDate(value) ? new Date(value).getTime() : parseText(value);
  return ms === undefined || Number.isNaN(ms) ? undefined : new Date(ms);
}

function parseText(text: unknown): number | undefined {
  if (typeof text !== "string") return undefined;
  const time = new Date(text);
  if (time.toJSON() === text) return time.getTime();
  return parseTimestamp(text) ?? parseTimestamp(`${text}T00:00:00Z`);
}

/** @throws {KioskArgumentError} if the time for `now` is not valid. */
export function parseNow(value: unknown): Date {
  const time = toTime(value);
  if (time !== undefined) return time;
  throw mustBe("now", A_TIME, describeTime(value));
}

/** Accepts a `Date` of any class, because fake timers replace the global one. */
function isDate(value: unknown): value is Date {
  return Object.prototype.toString.call(value) === "[object Date]";
}
