import type { ProductionIntent } from "../../calls/production-intent.js";
import type { Production } from "../../production/production.js";
import type { PrintJob, PrintJobError } from "../record/print-job.js";

/** What a person can say about a job: the card was produced, the kiosk failed, or nothing was printed. */
export type PrintJobResolution = "produced" | "failed" | "not-printed";

/** The times of the rules; as for `PrintJobs`, with the same defaults. */
export interface PrintJobTimes {
  /** How long an accepted job waits for news before it is read, in milliseconds. Default: 300000 (5 minutes). */
  readonly overdueMs?: number | undefined;
  /** How long an accepted job waits for news before it is `unresolved`, in milliseconds. Default: 3600000 (1 hour). */
  readonly staleMs?: number | undefined;
}

/** Something that happens to a job. */
export type PrintJobInput = PrintJobTimes &
  (
    | {
        /** The job was inserted, and these are the earlier jobs of its card. */
        readonly kind: "earlier-jobs";
        readonly jobs: readonly PrintJob[];
      }
    | {
        /** The state of the card, read after the job was inserted and before anything was sent. */
        readonly kind: "first-read";
        readonly production: Production;
      }
    | {
        /** A request is about to leave. It may only if the result is `requested` and has this intent. */
        readonly kind: "intent";
        readonly intent: ProductionIntent;
        /** The reconcile window of the call, in milliseconds. Default: 10000. */
        readonly reconcileWindowMs?: number | undefined;
      }
    | {
        /** What `produceCard` resolved with. */
        readonly kind: "response";
        readonly production: Production;
      }
    | {
        /** The first read or `produceCard` rejected. */
        readonly kind: "rejection";
        readonly error: PrintJobError;
        /** Whether the request may have taken effect at Wise. */
        readonly mayHaveTakenEffect: boolean;
      }
    | {
        /** Wise delivered an event of the card. */
        readonly kind: "event";
        readonly production: Production;
      }
    | {
        /** The state of the card was read, later than any request of the job. */
        readonly kind: "read";
        readonly production: Production;
      }
    | {
        /** What `reconcileProduction` resolved with for an intent of the job. */
        readonly kind: "reconciled";
        readonly intent: ProductionIntent;
        readonly outcome: "ours" | "not-taken" | "unknown";
        readonly production: Production;
      }
    | {
        /** The state of the card could not be read. */
        readonly kind: "failed-read";
        /** The intent that was to be reconciled; `null` if there was none. */
        readonly intent: ProductionIntent | null;
        readonly error: PrintJobError;
      }
    | {
        /** A sweep finds the job due and without an intent. */
        readonly kind: "lapse";
      }
    | {
        /** A sweep finds the job due and begins to read. */
        readonly kind: "claim";
      }
    | {
        /** A person says what happened. */
        readonly kind: "person";
        readonly outcome: PrintJobResolution;
        readonly by: string;
        readonly reason: string;
      }
    | {
        /** News that would open the job again came while another job of the card was open. */
        readonly kind: "blocked-news";
        readonly production: Production;
      }
  );
