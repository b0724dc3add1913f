import type { PrintJob } from "../record/print-job.js";
import { isOfThisFormat, isOpenPrintJob } from "../record/print-job-state.js";
import { afterRejection, afterResponse } from "./after-call.js";
import { afterEvent, afterRead } from "./after-news.js";
import { afterFailedRead, afterReconcile } from "./after-reconcile.js";
import { afterResolution } from "./after-resolution.js";
import { afterEarlierJobs, afterFirstRead, afterIntent, afterLapse } from "./before-request.js";
import { afterBlockedNews } from "./correction.js";
import { dueAfterClaim, isDue, toIso } from "./due-times.js";
import type { PrintJobInput } from "./print-job-input.js";

/**
 * Returns what a job becomes when something happens to it: the very same object if that changes nothing, else a job with the next
 * `version`. Pure: `PrintJobs` loads the job, calls this, stores the result if no one else has written since, and otherwise begins
 * again.
 *
 * News are what an event or a read shows of the job's own print.
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
 * Give closed jobs only news that no later job of the card may have caused.
 */
export function nextPrintJob(job: PrintJob, input: PrintJobInput, now: Date): PrintJob {
  if (!isOfThisFormat(job)) return job;
  const next = decide(job, input, now);
  if (next === job) return job;
  const updatedAt = isChanged(job, next) ? toIso(now.getTime()) : job.updatedAt;
  return { ...next, updatedAt, version: job.version + 1 };
}

/** Returns whether a job changed otherwise than in what it knows of other prints and in when it is looked at. */
export function isChanged(job: PrintJob, next: PrintJob): boolean {
  return job.history !== next.history || job.production !== next.production || job.intent !== next.intent;
}

function decide(job: PrintJob, input: PrintJobInput, now: Date): PrintJob {
  switch (input.kind) {
    case "earlier-jobs":
      return afterEarlierJobs(job, input.jobs, now, input);
    case "first-read":
      return afterFirstRead(job, input.production, now, input);
    case "intent":
      return afterIntent(job, input.intent, input.reconcileWindowMs, now, input);
    case "response":
      return afterResponse(job, input.production, now, input);
    case "rejection":
      return afterRejection(job, input.error, input.mayHaveTakenEffect, now, input);
    case "event":
      return afterEvent(job, input.production, now, input);
    case "read":
      return afterRead(job, input.production, now, input);
    case "reconciled":
      return afterReconcile(job, input, now, input);
    case "failed-read":
      return afterFailedRead(job, input.intent, input.error, now, input);
    case "lapse":
      return afterLapse(job, now, input);
    case "claim":
      return isOpenPrintJob(job) && isDue(job, now) ? { ...job, dueAt: dueAfterClaim(now) } : job;
    case "person":
      return afterResolution(job, input, now, input);
    case "blocked-news":
      return afterBlockedNews(job, input.production, now);
  }
}
