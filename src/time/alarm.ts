import { type Clock, elapsedMs, type Instant } from "./clock.js";
import { LONGEST_TIMER_MS } from "./longest-times.js";
import { findTimerWheel, TICK_MS, type WheelAlarm } from "./timer-wheel.js";

/**
 * Rings once, when a time has passed by a timer or by any of the clocks, whichever comes first. Timers stop while a machine is
 * suspended; afterwards the wall clock ends the wait within a second.
 */
export class Alarm implements WheelAlarm {
  readonly clock: Clock;
  readonly setAt: Instant;
  readonly ms: number;
  readonly holdsProcess: boolean;
  /** Called when the alarm rings. `byTimer` is `false` if perhaps only the wall clock shows that the time has passed. */
  readonly ring: (byTimer: boolean) => void;
  bagIndex: number | undefined = undefined;
  countsFromMs = 0;
  readonly #wheel = findTimerWheel();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #check: ReturnType<typeof setTimeout> | undefined;

  /** @param ms milliseconds. If it is more than {@link LONGEST_TIMER_MS}, the alarm never rings. */
  constructor(clock: Clock, ms: number, ring: (byTimer: boolean) => void, holdsProcess = true) {
    this.clock = clock;
    this.setAt = clock.now();
    this.ms = ms;
    this.ring = ring;
    this.holdsProcess = holdsProcess;
    if (ms > LONGEST_TIMER_MS) return;
    if (ms > TICK_MS && this.#wheel !== undefined) this.#wheel.add(this);
    else this.#startTimers();
  }

  /** Turns the alarm off. */
  turnOff(): void {
    this.#wheel?.delete(this);
    clearTimeout(this.#timer);
    clearTimeout(this.#check);
  }

  #startTimers(): void {
    this.#timer = setTimeout(() => this.#end(true), this.ms);
    if (!this.holdsProcess) unref(this.#timer);
    if (this.ms > TICK_MS) this.#checkLater();
  }

  /** Rings, by whichever comes first: the other one must not ring as well. */
  #end(byTimer: boolean): void {
    this.turnOff();
    this.ring(byTimer);
  }

  #checkLater(): void {
    this.#check = setTimeout(() => {
      if (elapsedMs(this.setAt, this.clock.now()) >= this.ms) this.#end(false);
      else this.#checkLater();
    }, TICK_MS);
    unref(this.#check);
  }
}

/** In some environments a timer is a number, without `unref`. */
function unref(timer: { unref?: () => void }): void {
  timer.unref?.();
}
