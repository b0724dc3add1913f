import type { Production } from "../../production/production.js";
import { isSameProduction } from "../../production/same-production.js";
import { toTimestamp } from "../../production/timestamp.js";
import type { PrintJob, PrintJobEvidence, PrintJobHistoryEntry, PrintJobState } from "../record/print-job.js";
import { dueWhileUnresolved, dueWithoutNews } from "./due-times.js";
import { findLaterState } from "./job-attribution.js";
import type { PrintJobTimes } from "./print-job-input.js";

const LONGEST_HISTORY = 50;
const LONGEST_NOTE = 500;

/** How many of the oldest entries stay: whether a job was ever accepted matters for as long as it is open. */
const OLDEST_KEPT = 10;

/** What else changes with the state of a job. */
export interface Move {
  /** What the new state rests on. */
  readonly evidence: PrintJobEvidence | null;
  /** The state of the card that the job rests on. Default: as before. */
  readonly production?: Production | null;
  /** Whether the job follows another print. Default: as before. */
  readonly adopted?: boolean;
  /** The person who caused the change. Default: none. */
  readonly by?: string;
  /** The reason, for the history. Default: none. */
  readonly note?: string;
}

/** Moves a job to a state, which may be its present one with newer evidence. Only a change of the state enters the history. */
export function moveTo(job: PrintJob, state: PrintJobState, now: Date, times: PrintJobTimes, move: Move): PrintJob {
  const { evidence, production = job.production, adopted = job.adopted, by = null, note = null } = move;
  const updatedAt = toTimestamp(now.getTime());
  const next = { ...job, state, evidence, adopted, production, updatedAt };
  const moved = state === job.state ? next : withHistory(next, { at: updatedAt, state, by, note });
  // An earlier error is obsolete once there is an outcome.
  const error = evidence === null || state === "not-sent" ? job.error : null;
  return { ...moved, error, dueAt: findDueTime(moved, now, times) };
}

/** Adds an entry to the history. If the history is full, an entry from its middle is dropped. */
export function withHistory(job: PrintJob, entry: PrintJobHistoryEntry): PrintJob {
  const history = [...job.history, { ...entry, note: entry.note && shorten(entry.note) }];
  // A negative count drops nothing.
  history.splice(OLDEST_KEPT, history.length - LONGEST_HISTORY);
  return { ...job, history };
}

/** Keeps a state of the card as `known` if it is later than the known one. */
export function withKnown(job: PrintJob, production: Production | null): PrintJob {
  const known = findLaterState(production, job.known);
  if (known === null || (job.known !== null && isSameProduction(known, job.known))) return job;
  return { ...job, known };
}

function findDueTime(job: PrintJob, now: Date, times: PrintJobTimes): string | null {
  switch (job.state) {
    case "accepted":
      return dueWithoutNews(now, times);
    case "unresolved":
      return dueWhileUnresolved(job, now);
    default:
      return null;
  }
}

/** Cuts a note without leaving half of a surrogate pair. */
function shorten(note: string): string {
  return note.slice(0, LONGEST_NOTE).replace(/[\uD800-\uDBFF]$/, "");
}
