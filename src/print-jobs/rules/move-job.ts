import type { Production } from "../../production/production.js";
import { isSameProduction } from "../../production/same-production.js";
import type { PrintJob, PrintJobEvidence, PrintJobHistoryEntry, PrintJobState } from "../record/print-job.js";
import { dueWhileUnresolved, dueWithoutNews, toIso } from "./due-times.js";
import { laterState } from "./job-attribution.js";
import type { PrintJobTimes } from "./print-job-input.js";

const LONGEST_HISTORY = 50;
const LONGEST_NOTE = 500;

/** The oldest entries stay: whether a job was once accepted matters for as long as it is open. */
const OLDEST_KEPT = 10;

/** What else changes with the state of a job. */
export interface Move {
  readonly evidence: PrintJobEvidence | null;
  readonly production?: Production | null;
  readonly adopted?: boolean;
  readonly by?: string;
  readonly note?: string;
}

/** Puts a job in another state, or lets the state rest on something newer. The history only holds changes of the state. */
export function moveTo(job: PrintJob, state: PrintJobState, now: Date, times: PrintJobTimes, move: Move): PrintJob {
  const { evidence, production = job.production, adopted = job.adopted, by = null, note = null } = move;
  const updatedAt = toIso(now.getTime());
  const next = { ...job, state, evidence, adopted, production, updatedAt };
  const moved = state === job.state ? next : withHistory(next, { at: updatedAt, state, by, note });
  // What went wrong before says nothing any more once there is an outcome.
  const error = evidence === null || state === "not-sent" ? job.error : null;
  return { ...moved, error, dueAt: dueIn(moved, now, times) };
}

/** Adds an entry to the history. If the history is full, an entry from its middle makes room. */
export function withHistory(job: PrintJob, entry: PrintJobHistoryEntry): PrintJob {
  const history = [...job.history, { ...entry, note: entry.note && shorten(entry.note) }];
  const surplus = history.length - LONGEST_HISTORY;
  if (surplus > 0) history.splice(OLDEST_KEPT, surplus);
  return { ...job, history };
}

/** Takes a state of the card into what its jobs know. */
export function withKnown(job: PrintJob, production: Production | null): PrintJob {
  const known = laterState(production, job.known);
  if (known === job.known || (known !== null && job.known !== null && isSameProduction(known, job.known))) return job;
  return { ...job, known };
}

function dueIn(job: PrintJob, now: Date, times: PrintJobTimes): string | null {
  switch (job.state) {
    case "requested":
      return job.dueAt;
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
  return note.length <= LONGEST_NOTE ? note : note.slice(0, LONGEST_NOTE).replace(/[\uD800-\uDBFF]$/, "");
}
