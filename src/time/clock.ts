/**
 * A moment, measured in three ways. It is plain data, so decisions based on it can be tested without waiting.
 *
 * No single clock is enough. The monotonic clock stops while a machine is suspended. The wall clock can be set. Mocked timers may
 * advance neither of them.
 */
export interface Instant {
  /** `performance.now()`. */
  readonly monotonicMs: number;
  /** `Date.now()`. */
  readonly wallMs: number;
  /** The total duration of the timers of this clock that have fired. */
  readonly firedMs: number;
}

/** The clock of one call, or of any other work whose timers run one at a time. */
export class Clock {
  #firedMs = 0;

  /** Returns the current moment. */
  now(): Instant {
    return { monotonicMs: performance.now(), wallMs: Date.now(), firedMs: this.#firedMs };
  }

  /** Counts a timer that has fired. Timers that run concurrently must not count on the same clock. */
  countTimer(ms: number): void {
    this.#firedMs += ms;
  }
}

/** Returns the time between two instants of one clock, in milliseconds: the longest of the three measurements. */
export function elapsedMs(from: Instant, to: Instant): number {
  return Math.max(steadyMs(from, to), to.wallMs - from.wallMs);
}

/** Returns the same as {@link elapsedMs}, but ignores the wall clock: setting it can make a time appear longer than it was. */
export function steadyMs(from: Instant, to: Instant): number {
  return Math.max(to.monotonicMs - from.monotonicMs, to.firedMs - from.firedMs);
}

/** Returns how far the wall clock was set back between two instants, in milliseconds; 0 or less if it was not. */
export function setBackMs(from: Instant, to: Instant): number {
  return to.monotonicMs - from.monotonicMs - (to.wallMs - from.wallMs);
}
