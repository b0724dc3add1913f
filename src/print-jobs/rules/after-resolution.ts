import type { PrintJob, PrintJobState } from "../record/print-job.js";
import { DEFAULT_OVERDUE_MS, hasLapsed, isWithoutNewsFor } from "./due-times.js";
import { moveTo } from "./move-job.js";
import type { PrintJobInput, PrintJobResolution, PrintJobTimes } from "./print-job-input.js";

type Resolution = Extract<PrintJobInput, { kind: "person" }>;

const STATE_BY_RESOLUTION = {
  produced: "produced",
  failed: "failed",
  "not-printed": "not-sent",
} as const satisfies Record<PrintJobResolution, PrintJobState>;

/** Applies what a person found out. A job that may still be decided without a person stays unchanged. */
export function afterResolution(job: PrintJob, resolution: Resolution, now: Date, times: PrintJobTimes): PrintJob {
  const { outcome, by, reason, reconcileWindowMs } = resolution;
  if (!isForPersons(job, reconcileWindowMs, now, times)) return job;
  return moveTo(job, STATE_BY_RESOLUTION[outcome], now, times, { evidence: "person", by, note: reason });
}

function isForPersons(
  job: PrintJob,
  reconcileWindowMs: number | undefined,
  now: Date,
  { overdueMs = DEFAULT_OVERDUE_MS }: PrintJobTimes,
): boolean {
  switch (job.state) {
    case "unresolved":
      return true;
    case "accepted":
      return isWithoutNewsFor(overdueMs, job, now);
    case "requested":
      return job.intent !== null && hasLapsed(job, job.intent, reconcileWindowMs, now);
    default:
      return false;
  }
}
