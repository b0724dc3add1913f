import type { PrintJob, PrintJobState } from "../../print-jobs/record/print-job.js";
import { isOpenPrintJob } from "../../print-jobs/record/print-job-state.js";

const CREATED_AT = "2026-01-31T12:00:00.000Z";

/** Creates a job for the checks of a store. By default it is `requested`, and has a card of its own. */
export function createSampleJob(id: string, given: Partial<PrintJob> = {}): PrintJob {
  const cardToken = `card of ${id}`;
  const state: PrintJobState = given.state ?? "requested";
  return {
    format: 1,
    id,
    profileId: "123456",
    cardToken,
    kioskId: "WIS00001",
    requestedBy: null,
    state,
    evidence: null,
    adopted: false,
    production: null,
    known: null,
    intent: null,
    error: null,
    createdAt: CREATED_AT,
    updatedAt: CREATED_AT,
    dueAt: isOpenPrintJob({ state }) ? "2026-01-31T12:02:00.000Z" : null,
    version: 1,
    history: [{ at: CREATED_AT, state, by: null, note: null }],
    ...given,
  };
}

/** The states in which a job is open, with one of a later version. */
export const SAMPLE_OPEN_STATES: readonly PrintJobState[] = [
  "requested",
  "accepted",
  "unresolved",
  "added later" as PrintJobState,
];

/** Returns a job with changes and the next version, as the rules do. */
export function changeJob(job: PrintJob, change: Partial<PrintJob>): PrintJob {
  return { ...job, ...change, version: job.version + 1 };
}

/** Returns a job that has failed. */
export function closeJob(job: PrintJob): PrintJob {
  return changeJob(job, { state: "failed", dueAt: null });
}
