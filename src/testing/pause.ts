import { onAbort } from "../time/on-abort.js";

/**
 * Waits.
 *
 * @throws the reason of the signal, as soon as it aborts.
 */
export function pause(ms: number, signal?: AbortSignal | null): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const timer = setTimeout(() => {
      stopWaiting?.();
      resolve();
    }, ms);
    const stopWaiting =
      signal &&
      onAbort(signal, () => {
        clearTimeout(timer);
        reject(signal.reason);
      });
  });
}

/** Rejects with the reason of the signal once it aborts, and never settles otherwise. */
export function untilAborted(signal: AbortSignal | null | undefined): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    if (signal) onAbort(signal, () => reject(signal.reason));
  });
}
