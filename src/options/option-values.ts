import { describeValue, mustBe } from "../arguments/found-value.js";
import { tokenFault } from "../arguments/token-fault.js";
import { VISIBLE_ASCII } from "../text/visible-ascii.js";
import { LONGEST_TIMER_MS, MAX_RECONCILE_WINDOW_MS } from "../time/longest-times.js";
import type { TokenProvider } from "../tokens/token-provider.js";

/** Reads a time in milliseconds that a timer can measure. */
export function parseMs(argument: string, value: unknown): number {
  if (typeof value === "number" && value >= 1 && value <= LONGEST_TIMER_MS) return value;
  throw mustBe(argument, `a number of milliseconds from 1 to ${LONGEST_TIMER_MS}`, describeValue(value));
}

/** Reads how often something may be sent again. */
export function parseMaxRetries(value: unknown): number {
  if (Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 10) return value as number;
  throw mustBe("maxRetries", "an integer from 0 to 10", describeValue(value));
}

/** Reads how long a read that shows no effect proves nothing, in milliseconds. */
export function parseReconcileWindowMs(value: unknown): number {
  if (typeof value === "number" && value >= 0 && value <= MAX_RECONCILE_WINDOW_MS) return value;
  const wanted = `a number of milliseconds from 0 to ${MAX_RECONCILE_WINDOW_MS}`;
  throw mustBe("reconcileWindowMs", wanted, describeValue(value));
}

/** Reads whether a request may be sent again after one in doubt. */
export function parseResend(value: unknown): boolean {
  if (typeof value === "boolean") return value;
  throw mustBe("resend", "true or false", describeValue(value));
}

/** Reads a token or its provider. The message does not show what was given. */
export function parseToken(value: unknown): string | TokenProvider {
  if (typeof value === "function") return value as TokenProvider;
  const fault = tokenFault(value);
  if (fault === undefined) return value as string;
  throw mustBe("token", "an access token or a function that returns one", fault);
}

/** Reads what is sent as `X-External-Correlation-Id`. */
export function parseCorrelationId(value: unknown): string {
  if (typeof value === "string" && value.length <= 36 && VISIBLE_ASCII.test(value)) return value;
  const isText = typeof value === "string" && value !== "";
  const fault = isText ? `a string ${value.length > 36 ? "of more" : "with others"}` : describeValue(value);
  throw mustBe("correlationId", "1 to 36 visible ASCII characters", fault);
}

/** Reads the caller's signal. */
export function parseSignal(value: unknown): AbortSignal | undefined {
  if (value === undefined || value instanceof AbortSignal || isSignalLike(value)) return value;
  throw mustBe("signal", "an AbortSignal", describeValue(value));
}

/** Whether this is a signal, maybe of another realm. */
function isSignalLike(value: unknown): value is AbortSignal {
  const { aborted, addEventListener, removeEventListener } = (value ?? {}) as Partial<AbortSignal>;
  const listens = typeof addEventListener === "function" && typeof removeEventListener === "function";
  return listens && typeof aborted === "boolean";
}

/** Reads what a request is about. Unlike options it may have other properties. */
export function parseObject<T extends object>(argument: string, value: T): T {
  if (typeof value === "object" && value !== null) return value;
  throw mustBe(argument, "an object", describeValue(value));
}

/** Reads a function that may be left out. */
export function parseFunction<T>(argument: string, value: T): T {
  if (value === undefined || typeof value === "function") return value;
  throw mustBe(argument, "a function", describeValue(value));
}
