import type { Production } from "../../production/production.js";
import { isElsewhere } from "../../production/same-kiosk.js";
import { isOfSameTime } from "../../production/same-production.js";
import { toTimestamp } from "../../production/timestamp.js";
import type { PrintJob } from "../record/print-job.js";
import { isOfThisFormat } from "../record/print-job-state.js";
import { withHistory } from "./move-job.js";

/**
 * Returns whether a closed job may have printed after all: its request may have left, and only a read or a person says that
 * nothing was printed.
 */
export function isCorrectable({ state, intent, evidence }: PrintJob): boolean {
  return state === "not-sent" && intent !== null && (evidence === "read" || evidence === "person");
}

/**
 * Returns whether it is certain that a job did not and will not print. Later news of its card may then be about an earlier job.
 * What the states of a later format mean is never certain.
 */
export function isWithoutPrint(job: PrintJob): boolean {
  if (!isOfThisFormat(job)) return false;
  return job.state === "refused" || (job.state === "not-sent" && !isCorrectable(job));
}

/** Returns whether a production shows that the print that failed according to a `failed` job succeeded. */
export function isSuccessAfterAll(production: Production, job: PrintJob): boolean {
  const { production: basis } = job;
  if (production.status !== "PRODUCED" || basis === null) return false;
  return isOfSameTime(production, basis) && !isElsewhere(production, job.kioskId);
}

/** Returns whether a production is of the print that a job stands for. A job that follows another print has none of its own. */
export function isOfPrint(production: Production, job: PrintJob): boolean {
  // A job of a later format may lack the field.
  const { adopted, production: own = null } = job;
  return !adopted && !isWithoutPrint(job) && own !== null && isOfSameTime(production, own);
}

/** Adds a note about news that would have reopened a job if no other job of its card were open. */
export function afterBlockedNews(job: PrintJob, production: Production, now: Date): PrintJob {
  if (!isCorrectable(job)) return job;
  const time = production.occurredAt === null ? "" : ` of ${production.occurredAt}`;
  const note = `This job caused ${production.status}${time}, but another job of the card is open.`;
  if (job.history.some((entry) => entry.note === note)) return job;
  return withHistory(job, { at: toTimestamp(now.getTime()), state: job.state, by: null, note });
}
