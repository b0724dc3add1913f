import { type Clock, elapsedMs, type Instant } from "./clock.js";
import { LONGEST_TIMER_MS } from "./longest-times.js";

/**
 * A time by which something must be over, counted from when this was created.
 *
 * One timer measures all of it: under mocked timers the clocks may stand still, and timers that were turned off before they
 * fired tell nothing of the time in which they ran.
 */
export class Deadline {
  readonly #clock: Clock;
  readonly #from: Instant;
  readonly #ms: number;
  readonly #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #listeners = new Set<() => void>();
  #hasRung = false;

  constructor(clock: Clock, ms: number) {
    this.#clock = clock;
    this.#from = clock.now();
    this.#ms = ms;
    if (ms > LONGEST_TIMER_MS) return;
    this.#timer = setTimeout(() => {
      this.#hasRung = true;
      for (const listener of this.#listeners) listener();
    }, ms);
    // What waits for it keeps the process alive; some environments number their timers instead.
    if (typeof this.#timer === "object") this.#timer.unref?.();
  }

  /** The time that is left, in milliseconds; 0 or less once it has passed. */
  get leftMs(): number {
    return this.#hasRung ? 0 : this.#ms - elapsedMs(this.#from, this.#clock.now());
  }

  /** Calls `listener` if the timer fires. Returns a function that ends that. */
  onRing(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Leaves no timer behind. */
  end(): void {
    clearTimeout(this.#timer);
  }
}

/** The one of two deadlines that passes first. */
export function earlierDeadline(one: Deadline, other: Deadline | undefined): Deadline {
  return other !== undefined && other.leftMs < one.leftMs ? other : one;
}
