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

/** The states in which a job is closed. */
export const SAMPLE_CLOSED_STATES: readonly PrintJobState[] = ["produced", "failed", "refused", "not-sent"];

/** The greatest length of an id, in characters that need the most bytes of UTF-8, but for the last one. */
const ALMOST_LONGEST = "\u20ac".repeat(199);

/**
 * Ids and tokens that databases confuse: they differ in their case, an accent or how it is written, an invisible character, a space
 * at the end, or their last character only.
 */
export const SAMPLE_KEYS: readonly string[] = [
  ...["e", "E", "\u00e9", "e\u0301", "e\u200b", "e "],
  ...[`${ALMOST_LONGEST}1`, `${ALMOST_LONGEST}2`],
];

/** The greatest profile id, and ids that become the same in 32 bits or as a number of less precision. */
export const SAMPLE_PROFILES: readonly string[] = ["9007199254740991", "9007199254740990", "4294967295"];

/** Returns a job with changes and the next version, as the rules do. */
export function changeJob(job: PrintJob, change: Partial<PrintJob>): PrintJob {
  return { ...job, ...change, version: job.version + 1 };
}

/** Returns a job that has failed. */
export function closeJob(job: PrintJob): PrintJob {
  return changeJob(job, { state: "failed", dueAt: null });
}
