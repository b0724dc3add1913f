import type { Production } from "../production/production.js";
import type { ErrorFactory } from "../response/attempt-outcome.js";
import type { Instant } from "../time/clock.js";
import type { Attribution } from "./attribution.js";

/** What a read means for a request in doubt. */
export interface Conclusion {
  /** Whether to resolve with what was read, to send the request again, or to stop. */
  readonly action: "resolve" | "send-again" | "stop";
  /** What caused the state that was read. */
  readonly attribution: Attribution;
}

/** What a call may do to reconcile a request in doubt. */
export interface ReconcilePolicy {
  /** How often a request may be sent again, and how often a failed read is repeated after the reconcile window. */
  readonly maxRetries: number;
  /** How long after the end of a request in doubt a read that does not show its effect proves nothing, in milliseconds. */
  readonly reconcileWindowMs: number;
  /** Whether a request may be sent again once one is in doubt. */
  readonly resend: boolean;
  /** Returns the wait before a retry, in milliseconds. The first retry has number 0. */
  retryDelayMs(retry: number, retryAfterMs: number | null): number;
}

/** The start and the end of an attempt. */
export interface TimeSpan {
  readonly startedAt: Instant;
  readonly endedAt: Instant;
}

/** What is known about a write so far. */
export interface Reconciliation {
  /** How many attempts to send the request were made, not counting a 401 for which there is another token. */
  readonly sends: number;
  /** When the first of the requests that reads must reconcile began. */
  readonly since: Instant | undefined;
  /**
   * When the reconcile window began: at the end of the last request in doubt, or of a later `REQUEST_ALREADY_EXISTS`.
   * `undefined` if no request is in doubt.
   */
  readonly windowBeganAt: Instant | undefined;
  /** When the latest request ended, and how many milliseconds after that another one may be sent. */
  readonly backoff: { readonly from: Instant; readonly ms: number } | undefined;
  /** How many reads followed the latest request. */
  readonly reads: number;
  /** How many reads in a row have failed after the reconcile window. */
  readonly failedReads: number;
  /** The last production known from before the latest request. */
  readonly before: Production | undefined;
  /** The last production that was read. */
  readonly lastRead: Production | undefined;
  /** The response in hand: the `REQUEST_ERROR` to the latest request, while reads find out what it is about. */
  readonly refused: Production | undefined;
  /** The error of the latest request that failed. */
  readonly lastError: ErrorFactory | undefined;
}

/** What the call does next. `waitMs` is the wait before it, in milliseconds. */
export type Step<T> =
  | { readonly do: "send" | "read"; readonly waitMs: number }
  | { readonly do: "resolve"; readonly value: T | Production }
  | { readonly do: "reject"; readonly error: ErrorFactory; readonly mayHaveTakenEffect: boolean };

/** What is known after an attempt, and what the call does next. */
export type Next<T> = readonly [Reconciliation, Step<T>];

const NOTHING_KNOWN: Reconciliation = {
  sends: 0,
  since: undefined,
  windowBeganAt: undefined,
  backoff: undefined,
  reads: 0,
  failedReads: 0,
  before: undefined,
  lastRead: undefined,
  refused: undefined,
  lastError: undefined,
};

/** Returns what is known before the first request. */
export function beginReconciliation(before: Production | undefined): Reconciliation {
  return before === undefined ? NOTHING_KNOWN : { ...NOTHING_KNOWN, before };
}

/** Returns the step that ends a call with an error. */
export function reject(error: ErrorFactory, mayHaveTakenEffect: boolean): Step<never> {
  return { do: "reject", error, mayHaveTakenEffect };
}
