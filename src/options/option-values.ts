import { KioskArgumentError } from "../errors/argument-error.js";
import { LONGEST_TIMER_MS } from "../time/alarm.js";
import { isUsableToken, type TokenProvider } from "../tokens/token-provider.js";

const LONGEST_RECONCILE_WINDOW_MS = 600_000;

/** A time in milliseconds that a timer can measure. */
export function readMs(argument: string, value: unknown): number {
  if (typeof value === "number" && value >= 1 && value <= LONGEST_TIMER_MS) return value;
  throw new KioskArgumentError(argument, `has to be a number of milliseconds from 1 to ${LONGEST_TIMER_MS}`);
}

/** How often something may be sent again. */
export function readMaxRetries(value: unknown): number {
  if (Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 10) return value as number;
  throw new KioskArgumentError("maxRetries", "has to be an integer from 0 to 10");
}

/** How long a read may lag, in milliseconds. */
export function readReconcileWindowMs(value: unknown): number {
  if (typeof value === "number" && value >= 0 && value <= LONGEST_RECONCILE_WINDOW_MS) return value;
  throw new KioskArgumentError(
    "reconcileWindowMs",
    `must be a number of milliseconds from 0 to ${LONGEST_RECONCILE_WINDOW_MS}`,
  );
}

/** Whether a request may be sent again after one in doubt. */
export function readResend(value: unknown): boolean {
  if (typeof value === "boolean") return value;
  throw new KioskArgumentError("resend", "must be true or false");
}

/** A token or its provider. The message does not show what was given. */
export function readToken(value: unknown): string | TokenProvider {
  if (typeof value === "function") return value as TokenProvider;
  if (isUsableToken(value)) return value;
  throw new KioskArgumentError(
    "token",
    "has to be an access token of visible ASCII characters, without spaces or line breaks, or a function that gives one",
  );
}

/** What is sent as `X-External-Correlation-Id`. */
export function readCorrelationId(value: unknown): string {
  if (typeof value === "string" && /^[\x21-\x7e]{1,36}$/.test(value)) return value;
  throw new KioskArgumentError("correlationId", "has to be 1 to 36 visible ASCII characters; Wise ignores longer ones");
}

/** The caller's signal. */
export function readSignal(value: unknown): AbortSignal | undefined {
  if (value === undefined || value instanceof AbortSignal || isSignalLike(value)) return value;
  throw new KioskArgumentError("signal", "has to be an AbortSignal");
}

/** A signal of another realm. */
function isSignalLike(value: unknown): value is AbortSignal {
  const { aborted, addEventListener, removeEventListener } = (value ?? {}) as Partial<AbortSignal>;
  const listens = typeof addEventListener === "function" && typeof removeEventListener === "function";
  return listens && typeof aborted === "boolean";
}

/** The options of a call or client as an object whose properties can be read. */
export function readObject<T extends object>(argument: string, value: T): T {
  if (typeof value === "object" && value !== null) return value;
  throw new KioskArgumentError(argument, "has to be an object");
}

/** A function, where one is given. */
export function readFunction<T>(argument: string, value: T): T {
  if (value === undefined || typeof value === "function") return value;
  throw new KioskArgumentError(argument, "has to be a function");
}
