import type { ProductionIntent } from "../../calls/production-intent.js";
import type { Production, RefusedProduction } from "../../production/production.js";
import type { PrintJob, PrintJobError } from "../record/print-job.js";
import { wasOnceAccepted } from "../record/print-job-state.js";
import { afterResponse, toPrintState } from "./after-call.js";
import { afterReadWithoutNews, afterStatusRead, waitOn } from "./after-news.js";
import { isCorrectable } from "./correction.js";
import { isNews } from "./job-attribution.js";
import { moveTo, withKnown } from "./move-job.js";
import type { PrintJobInput, PrintJobTimes } from "./print-job-input.js";

type Reconciled = Extract<PrintJobInput, { kind: "reconciled" }>;

/** Applies what `reconcileProduction` found out about an intent of the job. */
export function afterReconcile(
  job: PrintJob,
  { intent, outcome, production }: Reconciled,
  now: Date,
  times: PrintJobTimes,
): PrintJob {
  switch (job.state) {
    case "requested":
    case "unresolved": {
      const informed = withKnown({ ...job, error: job.state === "requested" ? job.error : null }, production);
      if (outcome === "ours") return afterOurs(informed, production, now, times);
      // Another request has left since, and may still have an effect.
      if (!isLatest(intent, job)) return job;
      return job.state === "requested"
        ? afterAbsence(informed, outcome, production, now, times)
        : afterLaterAbsence(informed, outcome, production, now, times);
    }
    case "not-sent":
      return outcome === "ours" && isCorrectable(job)
        ? afterOurs(withKnown(job, production), production, now, times)
        : job;
    default:
      return afterStatusRead(job, production, now, times);
  }
}

/** Applies a failure to read the state of the card. */
export function afterReadFailure(
  job: PrintJob,
  intent: ProductionIntent | null,
  error: PrintJobError,
  now: Date,
  times: PrintJobTimes,
): PrintJob {
  const failed = { ...job, error };
  switch (job.state) {
    case "requested": {
      if (intent === null || !isLatest(intent, job)) return job;
      const note = `The status of the card could not be read${error.code === null ? "" : `: ${error.code}`}.`;
      return moveTo(failed, "unresolved", now, times, { evidence: null, note });
    }
    case "accepted":
      return afterReadWithoutNews(failed, now, times);
    case "unresolved":
      return waitOn(failed, now);
    default:
      return job;
  }
}

function afterOurs(job: PrintJob, production: Production, now: Date, times: PrintJobTimes): PrintJob {
  if (production.status === "REQUEST_ERROR") return afterOwnRefusal(job, production, now, times);
  if (!isNews(production, job)) return job.state === "unresolved" ? waitOn(job, now) : job;
  return moveTo(job, toPrintState(production), now, times, { evidence: "read", production });
}

/**
 * Applies a refusal of the job's request that was read. If it says that a request exists, it may be about a copy of that
 * request.
 */
function afterOwnRefusal(job: PrintJob, production: RefusedProduction, now: Date, times: PrintJobTimes): PrintJob {
  if (production.errorCode === "REQUEST_CREATED_BUT_NOT_STARTED") return afterResponse(job, production, now, times);
  const { state } = job;
  const isUndecided = state === "requested" || (state === "unresolved" && !wasOnceAccepted(job));
  if (isUndecided && production.errorCode !== "REQUEST_ALREADY_EXISTS") {
    return moveTo(job, "refused", now, times, { evidence: "read", production });
  }
  if (state === "unresolved") return waitOn(job, now);
  return state === "requested" ? afterAbsence(job, "unknown", production, now, times) : job;
}

/** Applies a read that does not show the request. If Wise refused the request, the read confirms that. */
function afterAbsence(
  job: PrintJob,
  outcome: "not-taken" | "unknown",
  production: Production,
  now: Date,
  times: PrintJobTimes,
): PrintJob {
  if (outcome === "unknown") {
    const note = `It is unknown whether this job caused the status ${production.status}.`;
    return moveTo(job, "unresolved", now, times, { evidence: null, production, note });
  }
  if (job.production?.status === "REQUEST_ERROR") return moveTo(job, "refused", now, times, { evidence: "response" });
  return moveTo(job, "not-sent", now, times, { evidence: "read", production });
}

/** A request that the kiosk accepted may wait there indefinitely, and no read shows it. */
function afterLaterAbsence(
  job: PrintJob,
  outcome: "not-taken" | "unknown",
  production: Production,
  now: Date,
  times: PrintJobTimes,
): PrintJob {
  if (outcome === "unknown" || wasOnceAccepted(job)) return waitOn(job, now);
  return moveTo(job, "not-sent", now, times, { evidence: "read", production });
}

function isLatest({ expiresAt, requests }: ProductionIntent, { intent }: PrintJob): boolean {
  return intent !== null && intent.expiresAt === expiresAt && intent.requests === requests;
}
