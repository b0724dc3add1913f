import type { ProductionIntent } from "../../calls/production-intent.js";
import type { Production } from "../../production/production.js";
import { compareProductions } from "../../production/production-order.js";
import { isElsewhere } from "../../production/same-kiosk.js";
import { parseTimestamp } from "../../production/timestamp.js";
import { MAX_RECONCILE_WINDOW_MS } from "../../time/longest-times.js";
import type { PrintJob } from "../record/print-job.js";
import { isReadableProduction } from "../record/print-job-state.js";
import { dueAfterRequest, isDue } from "./due-times.js";
import { findLaterState, hasOrderableTime } from "./job-attribution.js";
import { moveTo, withKnown } from "./move-job.js";
import type { PrintJobTimes } from "./print-job-input.js";

/** Takes over what the earlier jobs of the card know. If the card was produced, nothing is sent. */
export function afterEarlierJobs(job: PrintJob, jobs: readonly PrintJob[], now: Date, times: PrintJobTimes): PrintJob {
  if (job.state !== "requested" || job.intent !== null) return job;
  const states = jobs.flatMap(({ known, production }) => [known, production].filter(isReadableProduction));
  const informed = states.reduce(withKnown, job);
  const wasProduced = informed.known?.status === "PRODUCED" || jobs.some(({ state }) => state === "produced");
  if (!wasProduced) return informed;
  const production = informed.known;
  const note = "An earlier job produced the card.";
  return moveTo(informed, "not-sent", now, times, { evidence: null, production, note });
}

/**
 * Decides by the state of the card whether a request may be sent. If it may, the job stays unchanged.
 *
 * | state of the card | the job becomes |
 * | --- | --- |
 * | `READY`, `PRODUCTION_ERROR`, `REQUEST_ERROR` | stays `requested` |
 * | `IN_PROGRESS` at this kiosk | `accepted`, and follows that print |
 * | `IN_PROGRESS` at another kiosk | `not-sent` |
 * | `PRODUCED`, or an unknown status | `not-sent` |
 */
export function afterFirstRead(job: PrintJob, read: Production, now: Date, times: PrintJobTimes): PrintJob {
  if (job.state !== "requested" || job.intent !== null) return job;
  const production = chooseState(read, job.known, now);
  const informed = withKnown(job, read);
  const close = (note: string) => moveTo(informed, "not-sent", now, times, { evidence: "read", production, note });
  switch (production.status) {
    case "PRODUCED":
      return close("The card is already produced.");
    case "UNRECOGNIZED":
      return close("The card has a status that this version does not know.");
    case "IN_PROGRESS": {
      if (isElsewhere(production, job.kioskId)) return close("Another kiosk is producing the card.");
      const note = "The kiosk was already producing the card. This job sent nothing.";
      return moveTo(informed, "accepted", now, times, { evidence: "read", production, adopted: true, note });
    }
    default:
      return job;
  }
}

/** Returns the newest known state of the card from before the first request of a job: the state that was read, or a later one. */
export function findStateBefore(job: PrintJob, read: Production): Production | undefined {
  // The job may have a later format by now, and lack the field.
  return findLaterState(read, job.known ?? null) ?? undefined;
}

/**
 * Returns the newest state or, if it is later, the newest refusal. A read may show a refusal that is known for a while, and the
 * next request must not be taken for refused by it.
 */
export function findEvidenceBefore(
  job: PrintJob,
  read: Production,
  earlier: readonly PrintJob[],
): Production | undefined {
  const refusals = [read, ...earlier.map(({ production }) => production)]
    .filter(isReadableProduction)
    .filter((production) => production.status === "REQUEST_ERROR" && hasOrderableTime(production));
  const state = findStateBefore(job, read);
  return [...(state === undefined ? [] : [state]), ...refusals].toSorted(compareProductions).at(-1);
}

/** Stores the intent of a request that is about to leave. A job that is not `requested` stays unchanged: nothing may be sent. */
export function afterIntent(
  job: PrintJob,
  intent: ProductionIntent,
  reconcileWindowMs: number,
  now: Date,
  times: PrintJobTimes,
): PrintJob {
  if (job.state !== "requested") return job;
  if (job.intent === null && job.known?.status === "PRODUCED") {
    const note = "The card is already produced.";
    return moveTo(job, "not-sent", now, times, { evidence: null, production: job.known, note });
  }
  const dueAt = dueAfterRequest(intent.expiresAt, reconcileWindowMs);
  return { ...withKnown(job, intent.previous), intent, reconcileWindowMs, dueAt };
}

/** Closes a job if its creator stored no intent in time. */
export function afterLapse(job: PrintJob, now: Date, times: PrintJobTimes): PrintJob {
  if (job.state !== "requested" || job.intent !== null || !isDue(job, now)) return job;
  return moveTo(job, "not-sent", now, times, { evidence: null, note: "No request was sent in time." });
}

/**
 * Returns the state that decides. A read may lag, so a later known state outranks it, but only for the longest lag that the
 * package allows for: after that, the read is right. `PRODUCED` always outranks a read.
 */
function chooseState(read: Production, known: Production | null, now: Date): Production {
  if (known === null || findLaterState(known, read) !== known) return read;
  if (read.status === "UNRECOGNIZED" && known.status !== "PRODUCED") return read;
  const knownAt = parseTimestamp(known.occurredAt) ?? Number.NaN;
  const mayLag = now.getTime() - knownAt <= MAX_RECONCILE_WINDOW_MS;
  return known.status === "PRODUCED" || mayLag ? known : read;
}
