import type { Production } from "../production/production.js";
import type { ErrorFactory } from "../response/attempt-outcome.js";
import type { Instant } from "../time/clock.js";
import type { Attribution } from "./attribution.js";

/** What a read means for a request in doubt. */
export interface Conclusion {
  readonly action: "resolve" | "send-again" | "stop";
  readonly attribution: Attribution;
}

/** What a call may do to reconcile a request in doubt. */
export interface ReconcilePolicy {
  readonly maxRetries: number;
  /** How long after a request in doubt a read that does not show its effect proves nothing, in milliseconds. */
  readonly reconcileWindowMs: number;
  /** Whether a request may be sent again after one in doubt. */
  readonly resend: boolean;
  /** How long to wait before a retry. The first one has number 0. */
  retryDelayMs(retry: number, retryAfterMs: number | null): number;
}

/** When an attempt began and ended. */
export interface TimeSpan {
  readonly startedAt: Instant;
  readonly endedAt: Instant;
}

/** What is known of a write so far. */
export interface Reconciliation {
  /** How many requests were sent, not counting those that a 401 answered and another token followed. */
  readonly sends: number;
  /** When the first request began whose outcome a read is to tell. */
  readonly since: Instant | undefined;
  /** When the last request in doubt ended. */
  readonly doubtEnded: Instant | undefined;
  /** When the latest request ended, and how long after that another one may be sent. */
  readonly backoff: { readonly from: Instant; readonly ms: number } | undefined;
  /** How many reads followed the latest request. */
  readonly reads: number;
  /** How many of the last reads in a row failed after the reconcile window. */
  readonly failedReads: number;
  /** The last production known from before the latest request. */
  readonly before: Production | undefined;
  /** The last production that was read. */
  readonly lastRead: Production | undefined;
  /** The `REQUEST_ERROR` that answered the latest request, if a read is to tell what it is about. */
  readonly refused: Production | undefined;
  /** The error of the latest request that failed. */
  readonly lastError: ErrorFactory | undefined;
}

/** What to do next. */
export type Step<T> =
  | { readonly do: "send" | "read"; readonly waitMs: number }
  | { readonly do: "resolve"; readonly value: T | Production }
  | { readonly do: "reject"; readonly error: ErrorFactory; readonly mayHaveTakenEffect: boolean };

/** What is known after an event, and what to do next. */
export type Next<T> = readonly [Reconciliation, Step<T>];

/** Before anything was sent. */
export function beginReconciliation(before: Production | undefined): Reconciliation {
  return {
    sends: 0,
    since: undefined,
    doubtEnded: undefined,
    backoff: undefined,
    reads: 0,
    failedReads: 0,
    before,
    lastRead: undefined,
    refused: undefined,
    lastError: undefined,
  };
}

/** Ends a call. */
export function reject(error: ErrorFactory, mayHaveTakenEffect: boolean): Step<never> {
  return { do: "reject", error, mayHaveTakenEffect };
}
