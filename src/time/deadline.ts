import { Alarm } from "./alarm.js";
import { Bag, type Bagged } from "./bag.js";
import { type Clock, elapsedMs, type Instant } from "./clock.js";

/** A function that is called when the deadline passes. */
interface Listener extends Bagged {
  readonly call: () => void;
}

/**
 * A time limit that starts when the object is created.
 *
 * A single alarm measures all of it: under mocked timers the clocks may stand still, and a timer that is cleared before it fires
 * does not show how long it ran.
 */
export class Deadline {
  readonly #clock: Clock;
  readonly #from: Instant;
  readonly #ms: number;
  readonly #alarm: Alarm;
  readonly #listeners = new Bag<Listener>();
  #hasRung = false;

  /** @param ms milliseconds. Above `LONGEST_TIMER_MS`, no timer is set: only the clocks measure the time. */
  constructor(clock: Clock, ms: number) {
    this.#clock = clock;
    this.#ms = ms;
    const ring = () => {
      this.#hasRung = true;
      this.#listeners.forEach(({ call }) => void call());
    };
    // The alarm need not keep the process alive: whatever waits for it does.
    this.#alarm = new Alarm(clock, ms, ring, false);
    this.#from = this.#alarm.setAt;
  }

  /** The remaining time, in milliseconds; 0 or less once the deadline has passed. */
  get leftMs(): number {
    return this.#hasRung ? 0 : this.#ms - elapsedMs(this.#from, this.#clock.now());
  }

  /** Calls `listener` when the alarm rings. Returns a function that removes the listener. */
  onRing(listener: () => void): () => void {
    const entry: Listener = { call: listener, bagIndex: undefined };
    this.#listeners.add(entry);
    return () => void this.#listeners.delete(entry);
  }

  /** Turns the alarm off. */
  end(): void {
    this.#alarm.turnOff();
  }
}

/** Returns the deadline that passes first. */
export function earlierDeadline(one: Deadline, other: Deadline | undefined): Deadline {
  return other !== undefined && other.leftMs < one.leftMs ? other : one;
}
