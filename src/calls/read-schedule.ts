import { type Instant, steadyMs } from "../time/clock.js";
import type { ReconcilePolicy, Reconciliation, Step, TimeSpan } from "./reconciliation.js";

const FIRST_PAUSE_MS = 250;
const INTERVAL_GROWTH = 1.5;
const LONGEST_PAUSE_MS = 3000;

/**
 * The key of an option of reads that only the sweeps of print jobs use: a {@link BeforeNextRead}. It is a symbol because names of
 * options are public, and a registered one because the client and print jobs may come from different formats.
 */
export const BEFORE_NEXT_READ = Symbol.for("wise-card-kiosk.read");

/**
 * Awaited before each read of a call but the first. While the window of an intent is open, it is called with the time that is
 * left in milliseconds. If it resolves with `true`, no other read follows and the outcome is `unknown`.
 */
export type BeforeNextRead = (leftMs?: number) => Promise<boolean>;

/** Options of a call that may have the option of sweeps. */
export type SweepOptions = { readonly [BEFORE_NEXT_READ]?: BeforeNextRead } | undefined;

/** A timer may fire a millisecond early, and a read that begins just before its time decides nothing. */
export const TIMER_GRAIN_MS = 1;

/**
 * Returns the wait before a read that reconciles a request in doubt, in milliseconds: 250 before the first read, then half as
 * much again each time, up to 3000.
 *
 * @param reads how many reads have followed the request so far.
 */
export function pauseBeforeReadMs(reads: number): number {
  return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * INTERVAL_GROWTH ** reads);
}

/**
 * Returns the wait before the next read while a window is open, in milliseconds: the usual pause, or less if the window is over
 * sooner. It is at least 250, because a `Date` in whole seconds shows the end of the window up to a second late.
 *
 * @param reads how many reads there were so far.
 * @param leftMs the time until the window is over, in milliseconds.
 */
export function pauseWithinWindow(reads: number, leftMs: number): number {
  return Math.max(FIRST_PAUSE_MS, Math.min(pauseBeforeReadMs(reads), leftMs + TIMER_GRAIN_MS));
}

/**
 * Returns whether the reconcile window of the requests in doubt was over when a read began. A read that began earlier may show a
 * state from before the request arrived.
 */
export function isWindowOver(policy: ReconcilePolicy, known: Reconciliation, { startedAt }: TimeSpan): boolean {
  return windowLeftMs(policy, known, startedAt) <= 0;
}

/**
 * Returns the next read. Within the reconcile window reads leave at growing intervals. The read that decides leaves once the
 * window is over and another request may be sent, so that as little time as possible passes between that read and the request.
 */
export function nextRead(
  policy: ReconcilePolicy,
  known: Reconciliation,
  now: Instant,
  retryAfterMs: number | null,
): Step<never> {
  const leftMs = windowLeftMs(policy, known, now);
  const pauseMs = Math.max(pauseBeforeReadMs(known.reads), retryAfterMs ?? 0);
  if (pauseMs < leftMs) return { do: "read", waitMs: pauseMs };
  const untilOverMs = leftMs > 0 ? leftMs + TIMER_GRAIN_MS : 0;
  return { do: "read", waitMs: Math.max(untilOverMs, retryAfterMs ?? 0, backoffLeftMs(known, now)) };
}

/** Returns the time until another request may be sent, in milliseconds. */
export function backoffLeftMs({ backoff }: Reconciliation, now: Instant): number {
  return backoff === undefined ? 0 : Math.max(0, backoff.ms - steadyMs(backoff.from, now));
}

/** Returns the time until the reconcile window is over, in milliseconds. A request must be in doubt. */
function windowLeftMs({ reconcileWindowMs }: ReconcilePolicy, { windowBeganAt }: Reconciliation, now: Instant): number {
  return reconcileWindowMs - steadyMs(windowBeganAt as Instant, now);
}
