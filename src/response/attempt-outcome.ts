import type { KioskError } from "../errors/kiosk-error.js";
import type { Production } from "../production/production.js";

/** What is known about a call when it ends with an error. */
export interface CallHistory {
  /** The name of the client method. */
  readonly operation: string;
  /** Sent with every request of the call as `X-External-Correlation-Id`. */
  readonly correlationId: string;
  /** Whether any attempt of the call may have taken effect. */
  readonly mayHaveTakenEffect: boolean;
  /** The last production that the call read, if any. */
  readonly productionAfter: Production | undefined;
}

/** Creates the error of an outcome, once it is known that the call ends with it. */
export type ErrorFactory = (history: CallHistory) => KioskError;

/**
 * What a failed attempt means:
 *
 * - `not-taken`: Wise certainly did not process the request, and another attempt may succeed. For a read: any transient HTTP
 *   status;
 * - `unauthorized`: the token was rejected;
 * - `rejected`: another attempt would not help. `mayHaveTakenEffect` is true if something may have happened nevertheless;
 * - `ambiguous`: it is unknown whether Wise processed the request;
 * - `ended`: the call can send nothing more, because `deadlineMs` passed during the attempt or the wait after it, or the client is
 *   closed. `requestSent` says whether a byte of a request whose outcome is unknown may have left.
 */
export type FailedAttempt =
  | { readonly kind: "not-taken" | "ambiguous"; readonly error: ErrorFactory; readonly retryAfterMs: number | null }
  | { readonly kind: "unauthorized"; readonly error: ErrorFactory }
  | { readonly kind: "rejected"; readonly error: ErrorFactory; readonly mayHaveTakenEffect?: boolean }
  | { readonly kind: "ended"; readonly error: ErrorFactory; readonly requestSent: boolean };

/** What one attempt means. */
export type AttemptOutcome<T> = { readonly kind: "done"; readonly value: T } | FailedAttempt;

/** What one attempt to write means. Wise may also respond with a `REQUEST_ERROR`, which is a result. */
export type WriteOutcome<T> = AttemptOutcome<T> | { readonly kind: "refused"; readonly production: Production };
