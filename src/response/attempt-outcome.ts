import type { KioskError } from "../errors/kiosk-error.js";
import type { Production } from "../production/production.js";

/** What is known of a call when it ends with an error. */
export interface CallHistory {
  /** The name of the method. */
  readonly operation: string;
  readonly correlationId: string;
  /** Over all attempts. */
  readonly mayHaveTakenEffect: boolean;
  readonly productionAfter: Production | undefined;
}

/** Makes the error of a verdict once it is known that the call ends with it. */
export type ErrorFactory = (history: CallHistory) => KioskError;

/**
 * What an attempt that failed means:
 *
 * - `not-taken`: Wise surely did not take the request up, and another attempt may succeed;
 * - `unauthorized`: the token was rejected;
 * - `rejected`: another attempt would not help. `mayHaveTakenEffect` if that does not mean that nothing happened;
 * - `ambiguous`: nobody on this side knows whether Wise took the request up;
 * - `expired`: `deadlineMs` passed during it.
 */
export type FailedAttempt =
  | { readonly kind: "not-taken" | "ambiguous"; readonly error: ErrorFactory; readonly retryAfterMs: number | null }
  | { readonly kind: "unauthorized"; readonly error: ErrorFactory }
  | { readonly kind: "rejected"; readonly error: ErrorFactory; readonly mayHaveTakenEffect?: boolean }
  | { readonly kind: "expired"; readonly error: ErrorFactory; readonly requestSent: boolean };

/** What one attempt means. */
export type AttemptOutcome<T> = { readonly kind: "done"; readonly value: T } | FailedAttempt;

/** What one attempt to write means: Wise may also answer with `REQUEST_ERROR`. */
export type WriteOutcome<T> = AttemptOutcome<T> | { readonly kind: "refused"; readonly production: Production };
