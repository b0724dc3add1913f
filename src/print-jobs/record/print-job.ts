import type { ProductionIntent } from "../../calls/production-intent.js";
import type { Production } from "../../production/production.js";

/**
 * Where a print job stands.
 *
 * Open, so that no other job of the card can be created:
 * - `requested`: it is recorded, and nothing that came of it is known yet.
 * - `accepted`: the kiosk prints the card, or will (`REQUEST_CREATED_BUT_NOT_STARTED`).
 * - `unresolved`: it cannot be told what came of it. A sweep keeps reading, and a person may look and call `resolve`.
 *
 * Closed:
 * - `produced`: the card is printed and collected.
 * - `failed`: the kiosk failed, or no one collected the card.
 * - `refused`: Wise did not accept the request.
 * - `not-sent`: nothing came of the job. Another job may print the card.
 */
export type PrintJobState = "requested" | "accepted" | "unresolved" | "produced" | "failed" | "refused" | "not-sent";

/**
 * What the state of a job rests on: `response`, what its own call of `produceCard` ended with; `event`, a webhook; `read`, a read
 * of the card's status; `person`, the word of somebody who called `resolve`.
 */
export type PrintJobEvidence = "response" | "event" | "read" | "person";

/** An error of a job's call or of the last read, without anything that Wise wrote in its own words. */
export interface PrintJobError {
  /** The code of the error, such as `ERR_TIMEOUT`; `null` if it was not an error of this package. */
  readonly code: string | null;
  /** The HTTP status, if there was a response. */
  readonly httpStatus: number | null;
  /** Wise's error code, if it sent one. */
  readonly errorCode: string | null;
}

/** A change of a job's state, or a note. */
export interface PrintJobHistoryEntry {
  /** When it happened: ISO 8601, by the clock of the machine that wrote it. */
  readonly at: string;
  /** The state from then on. */
  readonly state: PrintJobState;
  /** The person who caused it: `requestedBy`, or `by` of `resolve`. `null` if no person did. */
  readonly by: string | null;
  /** Why, in at most 500 characters; `null` if the state says it all. */
  readonly note: string | null;
}

/**
 * One intent to print one card at one kiosk, and what came of it. Plain JSON.
 *
 * It holds no token and no card data. `requestedBy`, and `by` in the history, are data about staff: delete closed jobs with
 * `purge` when your retention period ends.
 */
export interface PrintJob {
  /** The version of this record. A job of a newer one is reported and left alone. */
  readonly format: 1;
  /** The idempotency key that was given to `print`, or a UUID. */
  readonly id: string;
  /** The profile that owns the card, in decimal digits. */
  readonly profileId: string;
  readonly cardToken: string;
  readonly kioskId: string;
  /** Who asked for the print; `null` if `print` was not told. */
  readonly requestedBy: string | null;
  readonly state: PrintJobState;
  /** What the state rests on; `null` if on nothing from outside: the job is `requested` or `unresolved`, or it never sent anything. */
  readonly evidence: PrintJobEvidence | null;
  /** Whether the card was already printing at this kiosk. The job follows that print and sent nothing itself. */
  readonly adopted: boolean;
  /** The state of the card that the job's state rests on; `null` if there is none. */
  readonly production: Production | null;
  /** The newest state of the card that any of its jobs has known; `null` if none has known any. */
  readonly known: Production | null;
  /** What was recorded before the latest request; `null` if none was sent. */
  readonly intent: ProductionIntent | null;
  /** The error with which the job's call or the latest read ended; `null` if there was none since. */
  readonly error: PrintJobError | null;
  /** ISO 8601. */
  readonly createdAt: string;
  /** When its state, `production`, `intent` or `history` last changed: ISO 8601. */
  readonly updatedAt: string;
  /** When a sweep looks at it next: ISO 8601; `null` once it is closed. */
  readonly dueAt: string | null;
  /** Counts the writes, from 1. A write succeeds only if no one else has written since. */
  readonly version: number;
  /** The changes of its state, the first one first: at most 50. */
  readonly history: readonly PrintJobHistoryEntry[];
}
