import type { ProductionIntent } from "../../calls/production-intent.js";
import type { Production } from "../../production/production.js";

/**
 * The state of a print job.
 *
 * Open, so that no other job of the card can be created:
 * - `requested`: the job is stored, and its outcome is not known yet.
 * - `accepted`: the kiosk is printing the card, or will print it (`REQUEST_CREATED_BUT_NOT_STARTED`).
 * - `unresolved`: no event or read shows the outcome. Sweeps keep reading, and a person may check the kiosk and call `resolve`.
 *
 * Closed:
 * - `produced`: the card is printed and collected.
 * - `failed`: the kiosk failed, or no one collected the card.
 * - `refused`: Wise did not accept the request.
 * - `not-sent`: the job printed nothing.
 */
export type PrintJobState = "requested" | "accepted" | "unresolved" | "produced" | "failed" | "refused" | "not-sent";

/**
 * What the state of a job rests on:
 * - `response`: the result of its own call of `produceCard`.
 * - `event`: a webhook event.
 * - `read`: a read of the card's status.
 * - `person`: a person who called `resolve`.
 */
export type PrintJobEvidence = "response" | "event" | "read" | "person";

/** A summary of the error of a job's call or of its latest read: codes only, without any text from Wise. */
export interface PrintJobError {
  /** The code of the error, such as `ERR_TIMEOUT`; `null` if it was not an error of this package. */
  readonly code: string | null;
  /** The HTTP status, if there was a response. */
  readonly httpStatus: number | null;
  /** Wise's error code, if it sent one. */
  readonly errorCode: string | null;
}

/** An entry of a job's history: a change of its state, or a note. */
export interface PrintJobHistoryEntry {
  /** When it happened: ISO 8601, by the clock of the machine that wrote it. */
  readonly at: string;
  /** The state of the job from then on. */
  readonly state: PrintJobState;
  /** The person who caused it: `requestedBy`, or `by` of `resolve`. `null` if no person did. */
  readonly by: string | null;
  /** The reason, in at most 500 characters; `null` if the state needs none. */
  readonly note: string | null;
}

/**
 * One print of one card at one kiosk, and its outcome. Plain JSON.
 *
 * It contains no access token, and no card data but the `cardToken`. `requestedBy`, and `by` in the history, are data about staff:
 * delete closed jobs with `purge` when your retention period ends.
 */
export interface PrintJob {
  /** The format of this object. A job of a later format is returned, but this version never changes it. */
  readonly format: 1;
  /** The idempotency key: the `id` that `print` received, or a UUID. */
  readonly id: string;
  /** The profile that owns the card, in decimal digits. */
  readonly profileId: string;
  /** The token of the card. */
  readonly cardToken: string;
  /** The kiosk that the request names. */
  readonly kioskId: string;
  /** The person who asked for the print; `null` if `print` received no name. */
  readonly requestedBy: string | null;
  /** The current state. */
  readonly state: PrintJobState;
  /** What the state rests on; `null` if the job is `requested` or `unresolved`, or was closed without any such evidence. */
  readonly evidence: PrintJobEvidence | null;
  /** Whether the job follows a print that was already in progress at this kiosk. Such a job sent nothing itself. */
  readonly adopted: boolean;
  /** The state of the card that the job's state rests on; `null` if there is none. */
  readonly production: Production | null;
  /** The newest state of the card that this job or an earlier job of the card knows; `null` if none is known. */
  readonly known: Production | null;
  /** The intent of the latest request, stored before it left; `null` if there was no request. */
  readonly intent: ProductionIntent | null;
  /** The reconcile window of that request, in milliseconds: 0 to 600000. Default: that of the client that reads the card. */
  readonly reconcileWindowMs?: number | undefined;
  /** The error of the job's call or of the latest read; `null` if there is none, or the outcome is known since. */
  readonly error: PrintJobError | null;
  /** When the job was created: ISO 8601. */
  readonly createdAt: string;
  /** When `state`, `production`, `intent` or `history` last changed: ISO 8601. */
  readonly updatedAt: string;
  /** When a sweep next processes the job: ISO 8601; `null` once it is closed. */
  readonly dueAt: string | null;
  /** Counts the writes, from 1. A write succeeds only if no one else has written since. */
  readonly version: number;
  /** The changes of its state, and notes, oldest first: at most 50. */
  readonly history: readonly PrintJobHistoryEntry[];
}
