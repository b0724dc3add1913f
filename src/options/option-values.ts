import { describeValue, mustBe } from "../arguments/found-value.js";
import { tokenFault } from "../arguments/token-fault.js";
import { LONGEST_TIMER_MS } from "../time/alarm.js";
import type { TokenProvider } from "../tokens/token-provider.js";

const LONGEST_RECONCILE_WINDOW_MS = 600_000;

/** Reads a time in milliseconds that a timer can measure. */
export function readMs(argument: string, value: unknown): number {
  if (typeof value === "number" && value >= 1 && value <= LONGEST_TIMER_MS) return value;
  throw mustBe(argument, `a number of milliseconds from 1 to ${LONGEST_TIMER_MS}`, describeValue(value));
}

/** Reads how often something may be sent again. */
export function readMaxRetries(value: unknown): number {
  if (Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 10) return value as number;
  throw mustBe("maxRetries", "an integer from 0 to 10", describeValue(value));
}

/** Reads how long a read may lag, in milliseconds. */
export function readReconcileWindowMs(value: unknown): number {
  if (typeof value === "number" && value >= 0 && value <= LONGEST_RECONCILE_WINDOW_MS) return value;
  const wanted = `a number of milliseconds from 0 to ${LONGEST_RECONCILE_WINDOW_MS}`;
  throw mustBe("reconcileWindowMs", wanted, describeValue(value));
}

/** Reads whether a request may be sent again after one in doubt. */
export function readResend(value: unknown): boolean {
  if (typeof value === "boolean") return value;
  throw mustBe("resend", "true or false", describeValue(value));
}

/** Reads a token or its provider. The message does not show what was given. */
export function readToken(value: unknown): string | TokenProvider {
  if (typeof value === "function") return value as TokenProvider;
  const fault = tokenFault(value);
  if (fault === undefined) return value as string;
  throw mustBe("token", "an access token or a function that returns one", fault);
}

/** Reads what is sent as `X-External-Correlation-Id`. */
export function readCorrelationId(value: unknown): string {
  if (typeof value === "string" && /^[\x21-\x7e]{1,36}$/.test(value)) return value;
  const isText = typeof value === "string" && value !== "";
  const fault = isText ? `a string ${value.length > 36 ? "of more" : "with others"}` : describeValue(value);
  throw mustBe("correlationId", "1 to 36 visible ASCII characters", fault);
}

/** Reads the caller's signal. */
export function readSignal(value: unknown): AbortSignal | undefined {
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
export function readObject<T extends object>(argument: string, value: T): T {
  if (typeof value === "object" && value !== null) return value;
  throw mustBe(argument, "an object", describeValue(value));
}

/** Reads a function that may be left out. */
export function readFunction<T>(argument: string, value: T): T {
  if (value === undefined || typeof value === "function") return value;
  throw mustBe(argument, "a function", describeValue(value));
}
