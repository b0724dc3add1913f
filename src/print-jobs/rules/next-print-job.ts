import { DEFAULT_RECONCILE_WINDOW_MS } from "../../options/call-limits.js";
import { toTimestamp } from "../../production/timestamp.js";
import type { PrintJob } from "../record/print-job.js";
import { isOfThisFormat, isOpenPrintJob } from "../record/print-job-state.js";
import { afterRejection, afterResponse } from "./after-call.js";
import { afterEvent, afterStatusRead } from "./after-news.js";
import { afterReadFailure, afterReconcile } from "./after-reconcile.js";
import { afterResolution } from "./after-resolution.js";
import { afterEarlierJobs, afterFirstRead, afterIntent, afterLapse } from "./before-request.js";
import { afterBlockedNews } from "./correction.js";
import { dueAfterClaim, isDue } from "./due-times.js";
import type { PrintJobInput, PrintJobTimes } from "./print-job-input.js";

/**
 * Returns a job after an input: the same object if the input changes nothing, else a job with the next `version`. It is a pure
 * function. `PrintJobs` loads a job, calls it, and stores the result; if someone else has written since, it starts again.
 *
 * “News” in the table means that an event or a read shows the job's own print.
 *
 * | state | 200, or created but not started | other 422 | news | after the window: `READY` or an older failure | after the window: unknown | read failed | person |
 * | --- | --- | --- | --- | --- | --- | --- | --- |
 * | `requested`, no intent | | | | `not-sent` once lapsed | the same | the same | stays |
 * | `requested` | `accepted` | `refused`; `REQUEST_ALREADY_EXISTS`: decided by reading | `accepted`, `produced`, `failed` | `not-sent`, or `refused` after that 422 | `unresolved` | `unresolved` | stays until lapsed |
 * | `unresolved` | `accepted` | | the same | `not-sent`, unless once accepted | stays | stays | `produced`, `failed`, `not-sent` |
 * | `accepted` | updated | | newer only: `produced`, `failed`, updated | stays; `unresolved` if stale | `PRODUCED` elsewhere or stale: `unresolved` | stays; `unresolved` if stale | if overdue |
 * | `not-sent` by a read or person, with an intent | `accepted` | | `accepted`, `produced`, `failed` | | | | |
 * | `failed` | | | `PRODUCED` of the same `occurredAt`: `produced` | | | | |
 * | `produced`, `refused`, other `not-sent` | | | | | | | |
 *
 * Apply only such news to a closed job that no later job of the card can have caused.
 */
export function nextPrintJob(job: PrintJob, input: PrintJobInput, now: Date): PrintJob {
  if (!isOfThisFormat(job)) return job;
  const next = decide(job, input, now);
  if (next === job) return job;
  const updatedAt = isChanged(job, next) ? toTimestamp(now.getTime()) : job.updatedAt;
  return { ...next, updatedAt, version: job.version + 1 };
}

/** Returns whether more of a job changed than `known`, `error` and `dueAt`. */
export function isChanged(job: PrintJob, next: PrintJob): boolean {
  return job.history !== next.history || job.production !== next.production || job.intent !== next.intent;
}

function decide(job: PrintJob, input: PrintJobInput, now: Date): PrintJob {
  const times: PrintJobTimes = input;
  switch (input.kind) {
    case "earlier-jobs":
      return afterEarlierJobs(job, input.jobs, now, times);
    case "first-read":
      return afterFirstRead(job, input.production, now, times);
    case "intent":
      return afterIntent(job, input.intent, input.reconcileWindowMs ?? DEFAULT_RECONCILE_WINDOW_MS, now, times);
    case "response":
      return afterResponse(job, input.production, now, times);
    case "rejection":
      return afterRejection(job, input.error, input.mayHaveTakenEffect, now, times);
    case "event":
      return afterEvent(job, input.production, now, times);
    case "read":
      return afterStatusRead(job, input.production, now, times);
    case "reconciled":
      return afterReconcile(job, input, now, times);
    case "failed-read":
      return afterReadFailure(job, input.intent, input.error, now, times);
    case "lapse":
      return afterLapse(job, now, times);
    case "claim":
      return isOpenPrintJob(job) && (input.forMs !== undefined || isDue(job, now))
        ? { ...job, dueAt: dueAfterClaim(now, input.forMs) }
        : job;
    case "person":
      return afterResolution(job, input, now, times);
    case "blocked-news":
      return afterBlockedNews(job, input.production, now);
  }
}
