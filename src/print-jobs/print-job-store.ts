import type { PrintJob, PrintJobState } from "./record/print-job.js";

/** Identifies a card. */
export interface PrintJobCard {
  /** The profile that owns the card, in decimal digits. */
  readonly profileId: string;
  /** The token of the card. */
  readonly cardToken: string;
}

/** The result of `insert`, discriminated on `inserted`. */
export type PrintJobInsertion =
  | {
      /** The job was stored. */
      readonly inserted: true;
    }
  | {
      /** Nothing was stored. */
      readonly inserted: false;
      /** The job with the same id; if there is none, the open job of the same card. */
      readonly job: PrintJob;
    };

/**
 * The result of `replace`:
 * - `replaced`: the job is stored.
 * - `stale`: the stored job has another version, or no job has this id. Nothing changed.
 * - `blocked`: the job would become open, and another job of its card is open. Nothing changed.
 */
export type PrintJobReplacement = "replaced" | "stale" | "blocked";

/** Which due jobs to return. */
export interface DuePrintJobsQuery {
  /** Returns jobs with a `dueAt` at or before this time: ISO 8601, as `toISOString` writes it. */
  readonly before: string;
  /** The maximum number of jobs: 1 or more. */
  readonly limit: number;
}

/** Which jobs to list. */
export interface PrintJobsQuery {
  /** Only jobs in one of these states. Default: all states. */
  readonly states?: readonly PrintJobState[] | undefined;
  /** Only jobs of this kiosk, compared without case. Default: all kiosks. */
  readonly kioskId?: string | undefined;
  /** The id of the last job of the previous page. If no job has this id, the page is empty. Default: the first page. */
  readonly after?: string | undefined;
  /** The maximum number of jobs: 1 or more. */
  readonly limit: number;
}

/** Which closed jobs to delete. */
export interface PrintJobsPurge {
  /** Deletes closed jobs with an `updatedAt` before this time: ISO 8601, as `toISOString` writes it. */
  readonly closedBefore: string;
}

/**
 * Stores print jobs. A store only reads and writes: all rules are in `nextPrintJob`. Check an implementation with
 * `checkPrintJobStore` of `wise-card-kiosk/testing`.
 *
 * A store must keep the following promises:
 * - At most one job of a card is open, even under concurrent calls: that is the lock against a second print. A card is a
 *   `profileId` and a `cardToken`. A job is closed in the states `produced`, `failed`, `refused` and `not-sent`, and open in every
 *   other state, including states that this version does not know. In a database, a partial unique index ensures this.
 * - What `insert` and `replace` have stored is durable and visible to the next `get`, `jobsOf`, `insert` and `replace` of every
 *   process. `due` and `list` may lag.
 * - Jobs are returned exactly as they were stored: with fields that this version does not know, `null`, and text with any
 *   character. JSON text keeps all of that; PostgreSQL's `jsonb` refuses some text.
 * - A returned job does not change afterwards, and changes to a job that was passed in do not affect the stored one.
 *
 * Each method rejects if the store fails. The write may have happened nevertheless: the rules allow for both.
 */
export interface PrintJobStore {
  /**
   * Stores a new job, unless there is a job with its id or an open job of its card. Of two concurrent calls, one inserts its job
   * and the other finds it.
   */
  insert(job: PrintJob): Promise<PrintJobInsertion>;
  /**
   * Stores a job in place of the one with the same id, if that one has `expectedVersion`. `job.version` is the new version; the
   * store does not count. The job keeps its place in the order of insertion.
   *
   * If the stored job has another version, the result is `stale`, even if the write would also be blocked.
   */
  replace(job: PrintJob, expectedVersion: number): Promise<PrintJobReplacement>;
  /** Returns the job with this id; `undefined` if there is none. */
  get(id: string): Promise<PrintJob | undefined>;
  /**
   * Returns the jobs of a card, at most `limit`, newest first: in the reverse order of their insertion, regardless of `createdAt`,
   * because the clocks of two machines may differ.
   */
  jobsOf(card: PrintJobCard, limit: number): Promise<readonly PrintJob[]>;
  /** Returns the jobs that are due, the earliest `dueAt` first. A job with the `dueAt` `null` is never due. */
  due(query: DuePrintJobsQuery): Promise<readonly PrintJob[]>;
  /** Returns a page of jobs, newest first: in the reverse order of their insertion. */
  list(query: PrintJobsQuery): Promise<readonly PrintJob[]>;
  /** Deletes closed jobs with an `updatedAt` before a time, and returns how many. Open jobs are never deleted. */
  purge(query: PrintJobsPurge): Promise<number>;
}
