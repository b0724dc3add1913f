import { describeValue, mustBe } from "../arguments/found-value.js";
import { parseRange } from "../arguments/parse-range.js";
import { tokenFault } from "../arguments/token-fault.js";
import { VISIBLE_ASCII } from "../text/visible-ascii.js";
import { LONGEST_TIMER_MS } from "../time/longest-times.js";
import type { TokenProvider } from "../tokens/token-provider.js";

/** Parses a time in milliseconds: 1 to {@link LONGEST_TIMER_MS}. */
export function parseMs(argument: string, value: unknown): number {
  return parseRange(argument, value, { min: 1, max: LONGEST_TIMER_MS });
}

/** Parses `maxRetries`: how often a request may be sent again, 0 to 10. */
export function parseMaxRetries(value: unknown): number {
  return parseRange("maxRetries", value, { min: 0, max: 10, unit: "an integer" });
}

/** Parses `resend`: whether a request may be sent again after one in doubt. */
export function parseResend(value: unknown): boolean {
  if (typeof value === "boolean") return value;
  throw mustBe("resend", "true or false", describeValue(value));
}

/** Parses `token`: an access token or its provider. The error message does not show the value. */
export function parseToken<P = TokenProvider>(value: unknown): string | P {
  if (typeof value === "function") return value as P;
  const fault = tokenFault(value);
  if (fault === undefined) return value as string;
  throw mustBe("token", "an access token or a function that returns one", fault);
}

/** Parses `correlationId`, which is sent as `X-External-Correlation-Id`. */
export function parseCorrelationId(value: unknown): string {
  if (typeof value === "string" && value.length <= 36 && VISIBLE_ASCII.test(value)) return value;
  const isText = typeof value === "string" && value !== "";
  const fault = isText
    ? `a ${value.length > 36 ? "longer string" : "string with other characters"}`
    : describeValue(value);
  throw mustBe("correlationId", "a string of 1 to 36 visible ASCII characters", fault);
}

/** Parses `signal`: the caller's signal. */
export function parseSignal(value: unknown): AbortSignal | undefined {
  if (value === undefined || value instanceof AbortSignal || isSignalLike(value)) return value;
  throw mustBe("signal", "an AbortSignal", describeValue(value));
}

/** Returns whether a value is an `AbortSignal`, possibly from another realm. */
function isSignalLike(value: unknown): value is AbortSignal {
  const { aborted, addEventListener, removeEventListener } = (value ?? {}) as Partial<AbortSignal>;
  const isEventTarget = typeof addEventListener === "function" && typeof removeEventListener === "function";
  return isEventTarget && typeof aborted === "boolean";
}

/** Parses the object that a request is about. Unlike options, it may have other properties. */
export function parseObject<T extends object>(argument: string, value: T): T {
  if (typeof value === "object" && value !== null) return value;
  throw mustBe(argument, "an object", describeValue(value));
}
