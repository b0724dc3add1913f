/** Describes a valid time, for error messages. */
export const A_TIME = "a valid Date or an ISO 8601 string";

/**
 * Returns the time of a `Date` or an ISO 8601 string, or `undefined` if the value is neither. It accepts a `Date` of any class,
 * because fake timers replace the global one.
 */
export function toTime(value: unknown): Date | undefined {
  const isDate = Object.prototype.toString.call(value) === "[object Date]";
  if (!isDate && typeof value !== "string") return undefined;
  const date = new Date(value as Date | string);
  return Number.isNaN(date.getTime()) ? undefined : date;
}
