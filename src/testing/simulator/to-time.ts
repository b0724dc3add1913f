/** What a time may be given as. */
export const A_TIME = "a Date, or a time in ISO 8601 as a string";

/**
 * The time that a `Date` or a text in ISO 8601 means; `undefined` if it is neither. Fake timers put a `Date` of their own in place,
 * and the one of before is not an instance of it.
 */
export function toTime(value: unknown): Date | undefined {
  const isDate = Object.prototype.toString.call(value) === "[object Date]";
  if (!isDate && typeof value !== "string") return undefined;
  const date = new Date(value as Date | string);
  return Number.isNaN(date.getTime()) ? undefined : date;
}
