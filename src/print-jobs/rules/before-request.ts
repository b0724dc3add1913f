import type { ProductionIntent } from "../../calls/production-intent.js";
import type { Production } from "../../production/production.js";
import { parseTimestamp } from "../../production/timestamp.js";
import { MAX_RECONCILE_WINDOW_MS } from "../../time/longest-times.js";
import type { PrintJob } from "../record/print-job.js";
import { dueAfterRequest, isDue } from "./due-times.js";
import { isElsewhere, laterState } from "./job-attribution.js";
import { moveTo, withKnown } from "./move-job.js";
import type { PrintJobTimes } from "./print-job-input.js";

/** Takes over what the earlier jobs of the card have known. A card that was produced is not sent again. */
export function afterEarlierJobs(job: PrintJob, jobs: readonly PrintJob[], now: Date, times: PrintJobTimes): PrintJob {
  if (job.state !== "requested" || job.intent !== null) return job;
  const states = jobs.flatMap(({ known, production }) => [known, production]);
  const informed = states.reduce(withKnown, job);
  const wasProduced = informed.known?.status === "PRODUCED" || jobs.some(({ state }) => state === "produced");
  if (!wasProduced) return informed;
  const production = informed.known;
  const note = "An earlier job of the card produced it.";
  return moveTo(informed, "not-sent", now, times, { evidence: null, production, note });
}

/**
 * Decides by the state of the card whether a request may be sent: if it may, the job stays as it is.
 *
 * | state of the card | the job becomes |
 * | --- | --- |
 * | `READY`, `PRODUCTION_ERROR`, `REQUEST_ERROR` | stays `requested` |
 * | `IN_PROGRESS` at this kiosk | `accepted`, and follows that print |
 * | `IN_PROGRESS` at another kiosk | `not-sent` |
 * | `PRODUCED`, or a status that is not known | `not-sent` |
 */
export function afterFirstRead(job: PrintJob, read: Production, now: Date, times: PrintJobTimes): PrintJob {
  if (job.state !== "requested" || job.intent !== null) return job;
  const production = currentState(read, job.known, now);
  const informed = withKnown(job, read);
  const stay = (note: string) => moveTo(informed, "not-sent", now, times, { evidence: "read", production, note });
  switch (production.status) {
    case "PRODUCED":
      return stay("The card is produced.");
    case "UNRECOGNIZED":
      return stay("The card has a status that this version does not know.");
    case "IN_PROGRESS": {
      if (isElsewhere(production, job)) return stay("Another kiosk is producing the card.");
      const note = "The kiosk was producing the card already; nothing was sent.";
      return moveTo(informed, "accepted", now, times, { evidence: "read", production, adopted: true, note });
    }
    default:
      return job;
  }
}

/** Returns the newest state of the card from before the first request of a job: what was read, or known before. */
export function stateBefore(job: PrintJob, read: Production): Production | undefined {
  return laterState(read, job.known) ?? undefined;
}

/** Records the intent of a request that is about to leave. A job that is not `requested` stays as it is: nothing may be sent. */
export function afterIntent(
  job: PrintJob,
  intent: ProductionIntent,
  reconcileWindowMs: number | undefined,
  now: Date,
  times: PrintJobTimes,
): PrintJob {
  if (job.state !== "requested") return job;
  if (job.intent === null && job.known?.status === "PRODUCED") {
    const note = "The card is produced.";
    return moveTo(job, "not-sent", now, times, { evidence: null, production: job.known, note });
  }
  const dueAt = dueAfterRequest(intent.expiresAt, reconcileWindowMs);
  return { ...withKnown(job, intent.previous), intent, dueAt };
}

/** Closes a job whose creator has sent nothing in its time. */
export function afterLapse(job: PrintJob, now: Date, times: PrintJobTimes): PrintJob {
  if (job.state !== "requested" || job.intent !== null || !isDue(job, now)) return job;
  return moveTo(job, "not-sent", now, times, { evidence: null, note: "No request was sent in time." });
}

/**
 * A read may lag, so a later state that an earlier job has known outranks it. That holds for the longest lag that the package
 * allows for: after it, Wise has taken the state back.
 */
function currentState(read: Production, known: Production | null, now: Date): Production {
  if (known === null || laterState(known, read) !== known) return read;
  if (read.status === "UNRECOGNIZED" && known.status !== "PRODUCED") return read;
  const knownAt = parseTimestamp(known.occurredAt);
  const mayLag = knownAt !== undefined && now.getTime() - knownAt <= MAX_RECONCILE_WINDOW_MS;
  return known.status === "PRODUCED" || mayLag ? known : read;
}
