import { clearTimeout, setTimeout } from "node:timers";
import { onAbort } from "./on-abort.js";

/** Captured at load time, in the ESM and the CommonJS build, so that timers that a test mocks later are not used. */
const REAL_TIMERS = { setTimeout, clearTimeout };

/** Waits for `ms` milliseconds of real time, or until the signal aborts: mocked timers do not advance real connections. */
export function pauseInRealTime(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const timer = REAL_TIMERS.setTimeout(() => {
      stopWaiting?.();
      resolve();
    }, ms);
    const stopWaiting =
      signal &&
      onAbort(signal, () => {
        REAL_TIMERS.clearTimeout(timer);
        resolve();
      });
  });
}
