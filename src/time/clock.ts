/**
 * A moment, as each way to measure time has it. Plain data: what is decided by it can be tested without waiting.
 *
 * No single clock serves. The monotonic one stands still while a machine is suspended. The wall clock can be set. Mocked timers
 * may move neither of them.
 */
export interface Instant {
  /** `performance.now()`. */
  readonly monotonicMs: number;
  /** `Date.now()`. */
  readonly wallMs: number;
  /** The sum of the timers of this clock that have fired. */
  readonly firedMs: number;
}

/** The clock of one call, or of anything else that does one thing at a time. */
export class Clock {
  #firedMs = 0;

  now(): Instant {
    return { monotonicMs: performance.now(), wallMs: Date.now(), firedMs: this.#firedMs };
  }

  /** Counts a timer that has fired. Timers that run beside each other must not count on the same clock. */
  countTimer(ms: number): void {
    this.#firedMs += ms;
  }
}

/** The time between two instants of one clock, in milliseconds: the longest that any way to measure it says. */
export function elapsedMs(from: Instant, to: Instant): number {
  return Math.max(steadyMs(from, to), to.wallMs - from.wallMs);
}

/** As {@link elapsedMs}, without the wall clock: setting that can make a time longer than it was. */
export function steadyMs(from: Instant, to: Instant): number {
  return Math.max(to.monotonicMs - from.monotonicMs, to.firedMs - from.firedMs);
}
