import type { ProductionIntent } from "../../calls/production-intent.js";
import type { Production } from "../../production/production.js";
import type { PrintJob, PrintJobError } from "../record/print-job.js";

/** What a person can find out about a job: the card was produced, the kiosk failed, or nothing was printed. */
export type PrintJobResolution = "produced" | "failed" | "not-printed";

/** The times of the rules, as in the options of `PrintJobs`. */
export interface PrintJobTimes {
  /** How long an accepted job waits for news before it is read, in milliseconds: 1 to 2147483647. Default: 300000 (5 minutes). */
  readonly overdueMs?: number | undefined;
  /**
   * How long an accepted job waits for news before it is `unresolved`, in milliseconds: 1 to 2147483647. Default: 3600000 (1
   * hour).
   */
  readonly staleMs?: number | undefined;
}

/** Something that happens to a job, discriminated on `kind`. */
export type PrintJobInput = PrintJobTimes &
  (
    | {
        /** The job was inserted, and these are the earlier jobs of its card. */
        readonly kind: "earlier-jobs";
        /** The earlier jobs, newest first. */
        readonly jobs: readonly PrintJob[];
      }
    | {
        /** The state of the card, read after the job was inserted and before anything was sent. */
        readonly kind: "first-read";
        /** The state of the card. */
        readonly production: Production;
      }
    | {
        /** A request is about to leave. It may leave only if the result is `requested` and has this intent. */
        readonly kind: "intent";
        /** The intent of the request. */
        readonly intent: ProductionIntent;
        /** The reconcile window of the call, in milliseconds: 0 to 600000. Default: 10000. */
        readonly reconcileWindowMs?: number | undefined;
      }
    | {
        /** What `produceCard` resolved with. */
        readonly kind: "response";
        /** The state of the card. */
        readonly production: Production;
      }
    | {
        /** The first read or `produceCard` rejected. */
        readonly kind: "rejection";
        /** A summary of the error. */
        readonly error: PrintJobError;
        /** Whether the request may have taken effect at Wise. */
        readonly mayHaveTakenEffect: boolean;
      }
    | {
        /** Wise delivered an event of the card. */
        readonly kind: "event";
        /** The state of the card. */
        readonly production: Production;
      }
    | {
        /** The state of the card was read, later than any request of the job. */
        readonly kind: "read";
        /** The state of the card. */
        readonly production: Production;
      }
    | {
        /** What `reconcileProduction` resolved with for an intent of the job. */
        readonly kind: "reconciled";
        /** The intent. */
        readonly intent: ProductionIntent;
        /** The outcome, as in `ReconciledIntent`. */
        readonly outcome: "ours" | "not-taken" | "unknown";
        /** The state of the card. */
        readonly production: Production;
      }
    | {
        /** The state of the card could not be read. */
        readonly kind: "failed-read";
        /** The intent that was to be reconciled; `null` if there was none. */
        readonly intent: ProductionIntent | null;
        /** A summary of the error. */
        readonly error: PrintJobError;
      }
    | {
        /** A sweep found the job due and without an intent. */
        readonly kind: "lapse";
      }
    | {
        /** A sweep found the job due and is about to read its card, now or later. */
        readonly kind: "claim";
        /** How long until the job is due again, in milliseconds: 0 to 300000. Default: 60000, for a job that is due. */
        readonly forMs?: number | undefined;
      }
    | {
        /** A person found out what happened. */
        readonly kind: "person";
        /** What the person found out. */
        readonly outcome: PrintJobResolution;
        /** The person. */
        readonly by: string;
        /** How the person knows. */
        readonly reason: string;
        /** The reconcile window for a job that has none, in milliseconds: 0 to 600000. Default: 10000. */
        readonly reconcileWindowMs?: number | undefined;
      }
    | {
        /** News that would reopen the job arrived while another job of the card was open. */
        readonly kind: "blocked-news";
        /** The state of the card. */
        readonly production: Production;
      }
  );
