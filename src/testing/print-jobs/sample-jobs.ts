import type { PrintJob, PrintJobState } from "../../print-jobs/record/print-job.js";

const CREATED_AT = "2026-01-31T12:00:00.000Z";

/** Creates a job with which a store is checked: `requested`, of a card of its own, unless something else is given. */
export function sampleJob(id: string, given: Partial<PrintJob> = {}): PrintJob {
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
    dueAt: CLOSED.has(state) ? null : "2026-01-31T12:02:00.000Z",
    version: 1,
    history: [{ at: CREATED_AT, state, by: null, note: null }],
    ...given,
  };
}

const CLOSED: ReadonlySet<string> = new Set(["produced", "failed", "refused", "not-sent"]);

/** Changes a job as the rules do: with the next version. */
export function changed(job: PrintJob, change: Partial<PrintJob>): PrintJob {
  return { ...job, ...change, version: job.version + 1 };
}

/** Closes a job. */
export function closed(job: PrintJob): PrintJob {
  return changed(job, { state: "failed", dueAt: null });
}
