import { describeValue, mustBe } from "../../arguments/found-value.js";

/**
 * Returns an optional callback unchanged.
 *
 * @throws {KioskArgumentError} if it is defined and not a function.
 */
export function optionalCallback<T>(argument: string, callback: T): T {
  if (callback === undefined || typeof callback === "function") return callback;
  throw mustBe(argument, "a function", describeValue(callback));
}

/** Calls a listener and awaits it. Its errors are ignored, so that no response depends on a logger. */
export async function callSafely<T extends readonly unknown[]>(
  listener: (...args: T) => unknown,
  ...args: T
): Promise<void> {
  try {
    await listener(...args);
  } catch {
    // See above.
  }
}
