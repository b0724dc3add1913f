import { type Clock, elapsedMs } from "./clock.js";
import { LONGEST_TIMER_MS } from "./longest-times.js";

/** How often the clocks are checked while a timer runs, in milliseconds. */
const CHECK_EVERY_MS = 1000;

/**
 * Calls `ring` when `ms` have passed, by a timer or by any of the clocks, whichever comes first. Timers stop while a machine is
 * suspended; afterwards the wall clock ends the wait within a second.
 *
 * @param ms milliseconds. If it is more than {@link LONGEST_TIMER_MS}, `ring` is never called.
 * @returns a function that turns the alarm off.
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
    // The timer above keeps the process alive. In some environments a timer is a number, without `unref`.
    if (typeof check === "object") check.unref();
  };
  if (ms > CHECK_EVERY_MS) checkLater();
  return () => {
    clearTimeout(timer);
    clearTimeout(check);
  };
}
