import type { PrintJob, PrintJobState } from "./record/print-job.js";

/** Names a card. */
export interface PrintJobCard {
  /** The profile that owns the card, in decimal digits. */
  readonly profileId: string;
  readonly cardToken: string;
}

/** The result of `insert`: whether the job was inserted, and the job in the way if it was not. */
export type PrintJobInsertion =
  | { readonly inserted: true }
  | {
      readonly inserted: false;
      /** The job with the same id; if there is none, the open job of the same card. */
      readonly job: PrintJob;
    };

/**
 * The result of `replace`:
 * - `replaced`: the job is stored.
 * - `stale`: the stored job has another version, or there is none with this id. Nothing changed.
 * - `blocked`: the job would become open, and another job of its card is open. Nothing changed.
 */
export type PrintJobReplacement = "replaced" | "stale" | "blocked";

/** Which open jobs a sweep looks at. */
export interface DuePrintJobsQuery {
  /** Jobs whose `dueAt` is at or before this time: ISO 8601, as `toISOString` writes it. */
  readonly before: string;
  /** At most this many: 1 or more. */
  readonly limit: number;
}

/** Which jobs to list, for a screen. */
export interface PrintJobsQuery {
  /** Jobs in one of these states. Default: all states. */
  readonly states?: readonly PrintJobState[] | undefined;
  /** Jobs of this kiosk; the case of letters does not matter. Default: all kiosks. */
  readonly kioskId?: string | undefined;
  /** The id of the last job of the page before. If no job has it, the page is empty. Default: the first page. */
  readonly after?: string | undefined;
  /** At most this many: 1 or more. */
  readonly limit: number;
}

/** Which closed jobs to delete. */
export interface PrintJobsPurge {
  /** Jobs whose `updatedAt` is before this time: ISO 8601, as `toISOString` writes it. */
  readonly closedBefore: string;
}

/**
 * Keeps print jobs. A store only loads and saves: every rule is in `nextPrintJob`. `checkPrintJobStore` of
 * `wise-card-kiosk/testing` proves an implementation.
 *
 * A store must keep the following promises:
 * - At most one job of a card is open, whatever happens at the same time: that is the lock against a second print. A card is a
 *   `profileId` and a `cardToken`. A job is closed in the states `produced`, `failed`, `refused` and `not-sent`, and open in every
 *   other state, also one that this version does not know. A partial unique index does this in a database.
 * - What `insert` and `replace` have stored is durable and visible to the next `get`, `jobsOf`, `insert` and `replace` of every
 *   process. `due` and `list` may lag.
 * - Jobs come back as they were stored, in every JSON value: fields that this version does not know, `null`, and text with any
 *   character. JSON text keeps all of that; PostgreSQL's `jsonb` refuses some text.
 * - What is returned does not change afterwards, and what was passed in may change without effect on what is stored.
 *
 * Each method rejects if the store fails. Then the write may or may not have happened: the rules are built for both.
 */
export interface PrintJobStore {
  /**
   * Stores a new job, unless there is a job with its id or an open job of its card. Of two calls at the same time, one inserts and
   * the other finds it.
   */
  insert(job: PrintJob): Promise<PrintJobInsertion>;
  /**
   * Stores a job in place of the one with the same id, if that one has `expectedVersion`. `job.version` is the new version; the
   * store does not count. The job keeps its place in the order of insertion.
   *
   * If the stored job has another version, the result is `stale`, also if the write would be blocked too.
   */
  replace(job: PrintJob, expectedVersion: number): Promise<PrintJobReplacement>;
  /** Returns the job with this id; `undefined` if there is none. */
  get(id: string): Promise<PrintJob | undefined>;
  /**
   * Returns the jobs of a card, at most `limit`, the newest first: in the reverse order of their insertion, whatever their
   * `createdAt` says, because the clocks of two machines may differ.
   */
  jobsOf(card: PrintJobCard, limit: number): Promise<readonly PrintJob[]>;
  /** Returns the jobs whose `dueAt` is not `null` and has come, the earliest first. */
  due(query: DuePrintJobsQuery): Promise<readonly PrintJob[]>;
  /** Returns a page of jobs, the newest first: in the reverse order of their insertion. */
  list(query: PrintJobsQuery): Promise<readonly PrintJob[]>;
  /** Deletes closed jobs whose `updatedAt` is before a time, and returns how many. Open jobs stay, however old they are. */
  purge(query: PrintJobsPurge): Promise<number>;
}
