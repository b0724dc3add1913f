import { describeValue, mustBe } from "./found-value.js";

/**
 * Parses an optional function.
 *
 * @throws {KioskArgumentError} if it is defined and not a function.
 */
export function parseFunction<T>(argument: string, value: T): T {
  return value === undefined ? value : requireFunction(argument, value);
}

/**
 * Requires a function.
 *
 * @throws {KioskArgumentError} if it is anything else.
 */
export function requireFunction<T>(argument: string, value: T, wanted = "a function"): T {
  if (typeof value === "function") return value;
  throw mustBe(argument, wanted, describeValue(value));
}

/**
 * Refuses the result of an `async` function whose result is needed immediately. A promise is truthy, so it would count as `true`.
 *
 * @throws {KioskArgumentError} if the result is a promise.
 */
export function requireNoPromise(argument: string, wanted: string, result: unknown): void {
  if (typeof (result as { then?: unknown } | null | undefined)?.then !== "function") return;
  // Nothing else handles its rejection.
  Promise.resolve(result).catch(() => {});
  throw mustBe(argument, wanted, "one that returns a promise");
}
