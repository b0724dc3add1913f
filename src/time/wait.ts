import { onAbort } from "./on-abort.js";
import { type Limits, withTimeout } from "./time-limit.js";

/**
 * Waits, and leaves no timer behind. Returns `false` if the deadline passed first.
 *
 * @throws the reason of the caller's signal.
 */
export async function wait(
  ms: number,
  { clock, signal, deadline }: Pick<Limits, "clock" | "signal" | "deadline">,
): Promise<boolean> {
  const never = () => new Promise<never>(() => {});
  const waited = await withTimeout({ clock, timeoutMs: ms, deadline, signal }, never);
  return waited.kind === "timed-out" && waited.limit === "timeoutMs";
}

const FIRST_CEILING_MS = 500;
const HIGHEST_CEILING_MS = 8000;

/**
 * How long to wait before another attempt, in milliseconds: what Wise asks for, else a random part ("full jitter") of a time
 * that doubles from 500 ms to 8 s, so that clients that failed together do not come back together.
 *
 * @param retry 0 before the first retry, 1 before the second, and so on.
 */
export function retryDelayMs(retry: number, retryAfterMs: number | null, random: () => number = Math.random): number {
  return retryAfterMs ?? random() * Math.min(HIGHEST_CEILING_MS, FIRST_CEILING_MS * 2 ** retry);
}

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
