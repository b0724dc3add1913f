import { type Clock, elapsedMs } from "./clock.js";
import { LONGEST_TIMER_MS } from "./longest-times.js";

/** How often the clocks are compared with a timer that runs. */
const CHECK_EVERY_MS = 1000;

/**
 * Calls `ring` once `ms` have passed, by a timer or by one of the clocks, whichever comes first. Timers stand still while a
 * machine is suspended: afterwards the wall clock ends the wait within a second.
 *
 * @param ms at most {@link LONGEST_TIMER_MS}; a longer time never passes.
 * @returns a function that turns it off.
 */
export function setAlarm(clock: Clock, ms: number, ring: () => void): () => void {
  if (ms > LONGEST_TIMER_MS) return () => {};
  const start = clock.now();
  const timer = setTimeout(() => {
    clock.countTimer(ms);
    ring();
  }, ms);
  let check: ReturnType<typeof setTimeout> | undefined;
  const checkLater = () => {
    check = setTimeout(() => {
      if (elapsedMs(start, clock.now()) >= ms) ring();
      else checkLater();
    }, CHECK_EVERY_MS);
    // The timer above keeps the process alive; some environments number their timers instead.
    if (typeof check === "object") check.unref();
  };
  if (ms > CHECK_EVERY_MS) checkLater();
  return () => {
    clearTimeout(timer);
    clearTimeout(check);
  };
}
