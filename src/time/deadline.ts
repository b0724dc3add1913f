import { type Clock, elapsedMs, type Instant } from "./clock.js";

/** A time by which something must be over, counted from when this was created. */
export class Deadline {
  readonly #clock: Clock;
  readonly #from: Instant;
  readonly #ms: number;

  constructor(clock: Clock, ms: number) {
    this.#clock = clock;
    this.#from = clock.now();
    this.#ms = ms;
  }

  /** The time that is left, in milliseconds; 0 or less once it has passed. */
  get leftMs(): number {
    return this.#ms - elapsedMs(this.#from, this.#clock.now());
  }
}

/** The one of two deadlines that passes first. */
export function earlierDeadline(one: Deadline, other: Deadline | undefined): Deadline {
  return other !== undefined && other.leftMs < one.leftMs ? other : one;
}
