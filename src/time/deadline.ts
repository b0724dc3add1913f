import { type Clock, elapsedMs, type Instant } from "./clock.js";
import { LONGEST_TIMER_MS } from "./longest-times.js";

/**
 * A time limit that starts when the object is created.
 *
 * A single timer measures all of it: under mocked timers the clocks may stand still, and a timer that is cleared before it fires
 * does not show how long it ran.
 */
export class Deadline {
  readonly #clock: Clock;
  readonly #from: Instant;
  readonly #ms: number;
  readonly #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #listeners = new Set<() => void>();
  #hasRung = false;

  /** @param ms milliseconds. Above {@link LONGEST_TIMER_MS} there is no timer: only the clocks measure the time. */
  constructor(clock: Clock, ms: number) {
    this.#clock = clock;
    this.#from = clock.now();
    this.#ms = ms;
    if (ms > LONGEST_TIMER_MS) return;
    this.#timer = setTimeout(() => {
      this.#hasRung = true;
      for (const listener of this.#listeners) listener();
    }, ms);
    // Whatever waits for the deadline keeps the process alive. In some environments a timer is a number, without `unref`.
    if (typeof this.#timer === "object") this.#timer.unref?.();
  }

  /** The remaining time, in milliseconds; 0 or less once the deadline has passed. */
  get leftMs(): number {
    return this.#hasRung ? 0 : this.#ms - elapsedMs(this.#from, this.#clock.now());
  }

  /** Calls `listener` when the timer fires. Returns a function that removes the listener. */
  onRing(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Clears the timer. */
  end(): void {
    clearTimeout(this.#timer);
  }
}

/** Returns the deadline that passes first. */
export function earlierDeadline(one: Deadline, other: Deadline | undefined): Deadline {
  return other !== undefined && other.leftMs < one.leftMs ? other : one;
}
