import type { Production } from "../production/production.js";

/**
 * What `produceCard` is about to do, written before each request that may print. It is plain JSON: store it, and after a crash
 * pass it to `reconcileProduction`, in any process and on any machine. Times are in ISO 8601.
 */
export interface ProductionIntent {
  /** The id of the profile that owns the card, in decimal digits. */
  readonly profileId: string;
  /** The token of the card. */
  readonly cardToken: string;
  /** The kiosk that the request names. */
  readonly kioskId: string;
  /** The `X-External-Correlation-Id` of the call. */
  readonly correlationId: string;
  /** The newest state of the card known from before this request; `null` if none is known. */
  readonly previous: Production | null;
  /** When the first request of the call that may have left was about to start, by our clock. */
  readonly requestedAt: string;
  /** The latest time at which this request starts, by our clock: 5 s after the intent. Later it is not sent. */
  readonly sendBy: string;
  /** When this request has certainly been aborted, by our clock: `sendBy` plus `timeoutMs`. */
  readonly expiresAt: string;
  /**
   * The `Date` of the latest response that the client received before `requestedAt`, by Wise's clock. A response from a cache, or
   * one that took about 3 s or longer, does not count. `null` if there was none in the 10 minutes before, or our clock was set
   * back since.
   */
  readonly wiseAt: string | null;
  /** When that response arrived, by our clock; `null` if `wiseAt` is. */
  readonly wiseAtOurs: string | null;
  /** How many requests of the call may have left, this one included. */
  readonly requests: number;
}

/** Stores an intent. It is awaited. If it throws or rejects, the request is not sent. */
export type OnIntent = (intent: ProductionIntent) => unknown;
