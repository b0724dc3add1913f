import { saysThatRequestExists } from "../../production/existing-request.js";
import type { Production } from "../../production/production.js";
import type { PrintJob, PrintJobError, PrintJobState } from "../record/print-job.js";
import { isOpenPrintJob, wasOnceAccepted } from "../record/print-job-state.js";
import { isCorrectable } from "./correction.js";
import { isNewer } from "./job-attribution.js";
import { moveTo, withKnown } from "./move-job.js";
import type { PrintJobTimes } from "./print-job-input.js";

/**
 * Applies what `produceCard` resolved with. It may arrive late, after a sweep or a person has decided.
 *
 * A `REQUEST_ALREADY_EXISTS` may be about this very request, if a gateway sent it twice. So it is only stored; a read decides
 * whether the job is accepted, refused or unresolved.
 */
export function afterResponse(job: PrintJob, production: Production, now: Date, times: PrintJobTimes): PrintJob {
  if (production.status !== "REQUEST_ERROR") return afterSuccess(job, production, now, times);
  switch (production.errorCode) {
    case "REQUEST_CREATED_BUT_NOT_STARTED":
      return afterSuccess(job, production, now, times);
    case "REQUEST_ALREADY_EXISTS":
      return job.state === "requested" ? { ...job, production } : job;
    default:
      if (job.state !== "requested") return job;
      return moveTo(job, "refused", now, times, { evidence: "response", production });
  }
}

/** Applies a rejection of the first read or of `produceCard`. If the outcome is unknown, a later read decides. */
export function afterRejection(
  job: PrintJob,
  error: PrintJobError,
  mayHaveTakenEffect: boolean,
  now: Date,
  times: PrintJobTimes,
): PrintJob {
  const isUndecided = job.state === "requested" || (job.state === "unresolved" && !wasOnceAccepted(job));
  if (!isUndecided) return job;
  if (mayHaveTakenEffect) return { ...job, error };
  const evidence = job.intent !== null && error.httpStatus !== null ? "response" : null;
  return moveTo({ ...job, error }, "not-sent", now, times, { evidence, note: "Nothing was printed." });
}

/** Returns whether a response may mean that a card is printing: a success, or a refusal because a request exists. */
export function mayStandForPrint(production: Production): boolean {
  return production.status !== "REQUEST_ERROR" || saysThatRequestExists(production);
}

/** Returns the state of a job from the state of its print. */
export function toPrintState({ status }: Production): PrintJobState {
  if (status === "PRODUCED") return "produced";
  return status === "PRODUCTION_ERROR" ? "failed" : "accepted";
}

function afterSuccess(job: PrintJob, production: Production, now: Date, times: PrintJobTimes): PrintJob {
  const state = toPrintState(production);
  const isCreated = production.status === "REQUEST_ERROR";
  const move = () =>
    moveTo(withKnown(job, production), state, now, times, {
      evidence: "response",
      production,
      ...(isCreated ? { note: "Wise created the request. The print starts when the kiosk is ready." } : {}),
    });
  if (job.state === "requested" || job.state === "unresolved" || isCorrectable(job)) return move();
  if (!isOpenPrintJob(job) || isCreated || !isNewer(production, job)) return job;
  return move();
}
