import { describeValue, mustBe } from "./found-value.js";

/**
 * Parses an optional function.
 *
 * @throws {KioskArgumentError} if it is defined and not a function.
 */
export function parseFunction<T>(argument: string, value: T): T {
  if (value === undefined || typeof value === "function") return value;
  throw mustBe(argument, "a function", describeValue(value));
}
