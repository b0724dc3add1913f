import { abortReason } from "./abort-reason.js";
import { onAbort } from "./on-abort.js";
import { type Limits, withTimeout } from "./time-limit.js";

/**
 * Waits for `ms` milliseconds, and leaves no timer behind. Returns `false` if the deadline passed first.
 *
 * @throws the reason of the caller's signal, as soon as it aborts.
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
 * Returns the wait before the next attempt, in milliseconds: the time that Wise asks for, or else a random part ("full jitter")
 * of a time that doubles from 500 ms to 8 s. Clients that failed together then do not retry together.
 *
 * @param retry 0 before the first retry, 1 before the second, and so on.
 * @param retryAfterMs the time that Wise asks for; `null` if it does not say.
 */
export function retryDelayMs(retry: number, retryAfterMs: number | null, random: () => number = Math.random): number {
  return retryAfterMs ?? random() * Math.min(HIGHEST_CEILING_MS, FIRST_CEILING_MS * 2 ** retry);
}

/**
 * Waits for `ms` milliseconds.
 *
 * @throws the reason of the signal, as soon as it aborts.
 */
export function pause(ms: number, signal?: AbortSignal | null): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(abortReason(signal));
    const timer = setTimeout(() => {
      stopWaiting?.();
      resolve();
    }, ms);
    const stopWaiting =
      signal &&
      onAbort(signal, () => {
        clearTimeout(timer);
        reject(abortReason(signal));
      });
  });
}

/** Rejects with the reason of the signal when it aborts, and otherwise never settles. */
export function untilAborted(signal: AbortSignal | null | undefined): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal?.aborted) return reject(abortReason(signal));
    if (signal) onAbort(signal, () => reject(abortReason(signal)));
  });
}
