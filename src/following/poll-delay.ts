/** The default interval between the first two reads, in milliseconds. */
export const FIRST_INTERVAL_MS = 1000;

const LONGEST_INTERVAL_MS = 15_000;
const DELAY_GROWTH = 1.5;

/**
 * Returns how long to wait before the next read, in milliseconds. The interval grows by half with each read, up to 15 s or
 * `intervalMs` if that is longer. It is shortened by a random part of up to a quarter. The result is at least `retryAfterMs`.
 *
 * @param pollCount 0 after the first read, 1 after the second, and so on.
 * @param intervalMs the first interval, in milliseconds.
 * @param retryAfterMs how long Wise asked to wait, in milliseconds; `null` if it did not.
 */
export function pollDelayMs(
  pollCount: number,
  intervalMs: number,
  retryAfterMs: number | null,
  random: () => number = Math.random,
): number {
  const longest = Math.max(intervalMs, LONGEST_INTERVAL_MS);
  const interval = Math.min(longest, intervalMs * DELAY_GROWTH ** pollCount);
  return Math.max(retryAfterMs ?? 0, interval * (1 - random() / 4));
}
