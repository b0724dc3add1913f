import { type Instant, steadyMs } from "../time/clock.js";
import type { ReconcilePolicy, Reconciliation, Step, TimeSpan } from "./reconciliation.js";

const FIRST_PAUSE_MS = 250;
const INTERVAL_GROWTH = 1.5;
const LONGEST_PAUSE_MS = 3000;

/** A timer may fire a millisecond early, and a read that leaves just before the window is over decides nothing. */
const TIMER_GRAIN_MS = 1;

/**
 * Returns the time between reads that reconcile a request in doubt, in milliseconds: 0.25 s before the first one, and then half as
 * much again each time, up to 3 s.
 *
 * @param reads how many reads there were since the request.
 */
export function readPauseMs(reads: number): number {
  return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * INTERVAL_GROWTH ** reads);
}

/** A read that began before the window was over may show a state from before the request arrived. */
export function isWindowOver(
  { reconcileWindowMs }: ReconcilePolicy,
  { doubtEnded }: Reconciliation,
  { startedAt }: TimeSpan,
): boolean {
  return doubtEnded === undefined || steadyMs(doubtEnded, startedAt) >= reconcileWindowMs;
}

/**
 * The read that decides leaves when the window is over, and not before another request may be sent: the less time passes between
 * the read and that request, the less can happen in it. Reads before that leave at growing intervals.
 */
export function nextRead(
  { reconcileWindowMs }: ReconcilePolicy,
  known: Reconciliation,
  now: Instant,
  retryAfterMs: number | null,
): Step<never> {
  const leftMs = known.doubtEnded === undefined ? 0 : reconcileWindowMs - steadyMs(known.doubtEnded, now);
  const pauseMs = Math.max(readPauseMs(known.reads), retryAfterMs ?? 0);
  if (pauseMs < leftMs) return { do: "read", waitMs: pauseMs };
  const untilOverMs = leftMs > 0 ? leftMs + TIMER_GRAIN_MS : 0;
  return { do: "read", waitMs: Math.max(untilOverMs, retryAfterMs ?? 0, backoffLeftMs(known, now)) };
}

/** Returns how long it is until another request may be sent, in milliseconds. */
export function backoffLeftMs({ backoff }: Reconciliation, now: Instant): number {
  return backoff === undefined ? 0 : Math.max(0, backoff.ms - steadyMs(backoff.from, now));
}
