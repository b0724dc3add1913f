import type { PrintJob } from "../print-jobs/record/print-job.js";
import { brand } from "./brand.js";
import { setHiddenField } from "./hidden-field.js";
import { KioskError } from "./kiosk-error.js";

/**
 * The print job cannot be created or resolved now: another job of its card is open, the job may still be decided without a
 * person, it has just changed, or only a later version of this package can resolve it. Nothing was sent, and this call changed
 * nothing.
 */
export class KioskPrintJobConflictError extends KioskError<"ERR_PRINT_JOB_CONFLICT"> {
  /** The name of the class, also in a bundle that renames it. */
  static override readonly name: string = /* @__PURE__ */ brand(this, "KioskPrintJobConflictError");

  /**
   * The open job of the card, or the job that cannot be resolved. It names a card and staff, so it is not enumerable: `toJSON`,
   * `console.log` and loggers leave it out.
   */
  readonly job: PrintJob;

  /** Creates the error, as this package does. For tests of your own code. */
  constructor(message: string, job: PrintJob) {
    super("ERR_PRINT_JOB_CONFLICT", message);
    this.job = job;
    setHiddenField(this, "job", job);
  }
}

/** Details of a {@link KioskPrintJobStoreError}. */
export interface KioskPrintJobStoreErrorDetails {
  /** The job; `undefined` if the call of the store was not about one job. */
  readonly job: PrintJob | undefined;
  /** The error of the store. */
  readonly cause: unknown;
  /** Whether a request of the job may have taken effect at Wise. Default: `false`. */
  readonly mayHaveTakenEffect?: boolean | undefined;
}

/**
 * The store of print jobs failed; `cause` is its own error. The write may have happened nevertheless. The next sweep finds out what
 * became of the job.
 */
export class KioskPrintJobStoreError extends KioskError<"ERR_PRINT_JOB_STORE"> {
  /** The name of the class, also in a bundle that renames it. */
  static override readonly name: string = /* @__PURE__ */ brand(this, "KioskPrintJobStoreError");

  /**
   * The job as it would have been written, or as it was last known if the store failed to read; `undefined` if the call was not
   * about one job. It names a card and staff, so it is not enumerable: `toJSON`, `console.log` and loggers leave it out.
   */
  readonly job: PrintJob | undefined;

  /** Creates the error, as this package does. For tests of your own code. */
  constructor(message: string, { job, ...details }: KioskPrintJobStoreErrorDetails) {
    super("ERR_PRINT_JOB_STORE", message, { ...details, operation: "print" });
    this.job = job;
    setHiddenField(this, "job", job);
  }
}
