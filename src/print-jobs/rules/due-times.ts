import type { ProductionIntent } from "../../calls/production-intent.js";
import { DEFAULT_RECONCILE_WINDOW_MS } from "../../options/call-limits.js";
import { toTimestamp } from "../../production/timestamp.js";
import type { PrintJob } from "../record/print-job.js";
import type { PrintJobTimes } from "./print-job-input.js";

const MINUTE_MS = 60_000;

/** How long a job without an intent belongs to the process that created it. */
const CREATION_MS = 2 * MINUTE_MS;

/** How long a job belongs to the sweep that claimed it. */
const CLAIM_MS = MINUTE_MS;

const MAX_UNRESOLVED_PAUSE_MS = 60 * MINUTE_MS;

/** The default of `overdueMs`. */
export const DEFAULT_OVERDUE_MS = 5 * MINUTE_MS;

/** The default of `staleMs`. */
export const DEFAULT_STALE_MS = 60 * MINUTE_MS;

/** Returns when a sweep processes a new job that has no intent by then. */
export function dueAfterCreation(now: Date): string {
  return toTimestamp(now.getTime() + CREATION_MS);
}

/** Returns when a sweep reads the card of a request that expires at a time: from then on, the read can be trusted. */
export function dueAfterRequest(expiresAt: string, reconcileWindowMs = DEFAULT_RECONCILE_WINDOW_MS): string {
  return toTimestamp(Date.parse(expiresAt) + reconcileWindowMs);
}

/** Returns when another sweep may process a job if the one that claimed it dies, or has claimed it for longer. */
export function dueAfterClaim(now: Date, forMs = CLAIM_MS): string {
  return toTimestamp(now.getTime() + forMs);
}

/** Returns when an accepted job is read if it has no news by then. */
export function dueWithoutNews(now: Date, { overdueMs = DEFAULT_OVERDUE_MS }: PrintJobTimes): string {
  return toTimestamp(now.getTime() + overdueMs);
}

/**
 * Returns when an accepted job that was read without news is read again: after `overdueMs` once more, but no later than when it
 * becomes stale.
 */
export function dueAfterReadWithoutNews({ updatedAt }: PrintJob, now: Date, times: PrintJobTimes): string {
  const { overdueMs = DEFAULT_OVERDUE_MS, staleMs = DEFAULT_STALE_MS } = times;
  return toTimestamp(Math.min(Date.parse(updatedAt) + staleMs, now.getTime() + overdueMs));
}

/**
 * Returns when an unresolved job is read next: after 1, 2, 4 … minutes and at most 60. Such reads come 1, 3, 7 … minutes after the
 * job became unresolved, so the time since then shows how many there were. A sweep that is late does not lengthen the pauses.
 */
export function dueWhileUnresolved({ updatedAt }: PrintJob, now: Date): string {
  const minutes = Math.max(0, Math.floor((now.getTime() - Date.parse(updatedAt)) / MINUTE_MS));
  const pauseMs = 2 ** Math.floor(Math.log2(minutes + 1)) * MINUTE_MS;
  return toTimestamp(now.getTime() + Math.min(pauseMs, MAX_UNRESOLVED_PAUSE_MS));
}

/** Returns whether a job is due. */
export function isDue({ dueAt }: Pick<PrintJob, "dueAt">, now: Date): boolean {
  return dueAt !== null && Date.parse(dueAt) <= now.getTime();
}

/**
 * Returns whether a request no longer belongs to the process that sent it: its window is over. `dueAt` does not show that, because
 * a sweep that claims the job moves it. A job of an earlier version does not have its window: that of the client counts.
 */
export function hasLapsed(
  { reconcileWindowMs }: PrintJob,
  { expiresAt }: ProductionIntent,
  clientWindowMs: number | undefined,
  now: Date,
): boolean {
  return isDue({ dueAt: dueAfterRequest(expiresAt, reconcileWindowMs ?? clientWindowMs) }, now);
}

/** Returns whether a job has had no news for this long. */
export function isWithoutNewsFor(ms: number, { updatedAt }: PrintJob, now: Date): boolean {
  return now.getTime() - Date.parse(updatedAt) >= ms;
}
