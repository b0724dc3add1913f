import { type Attribution, isTimelessFailure } from "../../calls/attribution.js";
import type { Production } from "../../production/production.js";
import { isElsewhere } from "../../production/same-kiosk.js";
import { toTimestamp } from "../../production/timestamp.js";
import type { PrintJob, PrintJobEvidence } from "../record/print-job.js";
import { toPrintState } from "./after-call.js";
import { isCorrectable, isSuccessAfterAll } from "./correction.js";
import { DEFAULT_STALE_MS, dueAfterReadWithoutNews, dueWhileUnresolved, isWithoutNewsFor } from "./due-times.js";
import { attributeEvent, attributeRead, hasOrderableTime, isNewer, isNews } from "./job-attribution.js";
import { moveTo, withKnown } from "./move-job.js";
import type { PrintJobTimes } from "./print-job-input.js";

/** Applies an event of the card. What an event does not show proves nothing. */
export function afterEvent(job: PrintJob, event: Production, now: Date, times: PrintJobTimes): PrintJob {
  if (!hasOrderableTime(event)) return isReadBySweeps(job) ? { ...job, dueAt: toTimestamp(now.getTime()) } : job;
  return afterNews(withKnown(job, event), event, attributeEvent(event, job), "event", now, times);
}

/** Applies a state of the card that was read, other than by `reconcileProduction`. */
export function afterStatusRead(job: PrintJob, read: Production, now: Date, times: PrintJobTimes): PrintJob {
  const informed = withKnown({ ...job, error: null }, read);
  const attribution = attributeRead(read, job);
  const next = afterNews(informed, read, attribution, "read", now, times);
  if (next !== informed) return next;
  switch (job.state) {
    case "accepted":
      return afterReadWithoutNews(informed, now, times);
    case "unresolved":
      return job.intent === null ? afterFollowedPrint(informed, read, attribution, now, times) : waitOn(informed, now);
    default:
      return withKnown(job, read);
  }
}

/** Applies a read without news to an accepted job: it keeps waiting, until it is stale. */
export function afterReadWithoutNews(job: PrintJob, now: Date, times: PrintJobTimes): PrintJob {
  const { staleMs = DEFAULT_STALE_MS } = times;
  if (!isWithoutNewsFor(staleMs, job, now)) return { ...job, dueAt: dueAfterReadWithoutNews(job, now, times) };
  return moveTo(job, "unresolved", now, times, { evidence: null, note: "No news of the print arrived in time." });
}

/** Keeps a job unresolved, and sets when it is read again. */
export function waitOn(job: PrintJob, now: Date): PrintJob {
  return { ...job, dueAt: dueWhileUnresolved(job, now) };
}

/** Applies a state of the card, from an event or a read. Returns the same object if the state is not news of the job. */
function afterNews(
  job: PrintJob,
  production: Production,
  attribution: Attribution,
  evidence: PrintJobEvidence,
  now: Date,
  times: PrintJobTimes,
): PrintJob {
  const isPrintStatus = ["IN_PROGRESS", "PRODUCED", "PRODUCTION_ERROR"].includes(production.status);
  const move = () => moveTo(job, toPrintState(production), now, times, { evidence, production });
  if (!isPrintStatus) return job;
  switch (job.state) {
    case "requested":
      return job.intent !== null && attribution === "ours" ? move() : job;
    case "unresolved":
      return attribution === "ours" && isNews(production, job) ? move() : job;
    case "not-sent":
      return isCorrectable(job) && attribution === "ours" && isNews(production, job) ? move() : job;
    case "failed":
      return isSuccessAfterAll(production, job) ? move() : job;
    case "accepted":
      return afterNewsOfAccepted(job, production, attribution, move, now, times);
    default:
      return job;
  }
}

/**
 * Applies a state of the card to an accepted job. The kiosk took the request, so any later state is news of it. A failure without
 * a time may be an earlier one, because a read may lag.
 */
function afterNewsOfAccepted(
  job: PrintJob,
  production: Production,
  attribution: Attribution,
  move: () => PrintJob,
  now: Date,
  times: PrintJobTimes,
): PrintJob {
  if (attribution === "older" || (attribution === "unknown" && isTimelessFailure(production))) return job;
  if (!isElsewhere(production, job.kioskId)) return isNewer(production, job) ? move() : job;
  if (production.status !== "PRODUCED") return job;
  return moveTo(job, "unresolved", now, times, {
    evidence: null,
    production,
    note: "Another kiosk produced the card.",
  });
}

/** Closes a job that followed another print once that print has ended without a card: the job itself sent nothing. */
function afterFollowedPrint(
  job: PrintJob,
  read: Production,
  attribution: Attribution,
  now: Date,
  times: PrintJobTimes,
): PrintJob {
  const isGone = read.status === "READY" || (read.status === "PRODUCTION_ERROR" && attribution === "older");
  return isGone ? moveTo(job, "not-sent", now, times, { evidence: "read", production: read }) : waitOn(job, now);
}

/** Returns whether sweeps read the card of a job. A requested job belongs to its creator until it lapses. */
function isReadBySweeps({ state }: PrintJob): boolean {
  return state === "accepted" || state === "unresolved";
}
