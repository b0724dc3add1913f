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

/** Returns a function that returns `true` or `false`, and throws a `KioskArgumentError` if `decide` returns a promise. */
export function toPredicate<A extends unknown[]>(argument: string, decide: (...args: A) => unknown) {
  return (...args: A): boolean => {
    const decision = decide(...args);
    requireNoPromise(argument, "a function that returns true or false", decision);
    return Boolean(decision);
  };
}

/** Refuses a promise as the result of a function: it is truthy, so an `async` function would always say yes. */
export function requireNoPromise(argument: string, wanted: string, result: unknown): void {
  if (typeof (result as { then?: unknown } | null | undefined)?.then !== "function") return;
  // Nothing else handles its rejection.
  Promise.resolve(result).catch(() => {});
  throw mustBe(argument, wanted, "one that returns a promise");
}
