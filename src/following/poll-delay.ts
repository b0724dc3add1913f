/** The interval between two looks at first, in milliseconds. */
export const FIRST_INTERVAL_MS = 1000;

const LONGEST_INTERVAL_MS = 15_000;
const DELAY_GROWTH = 1.5;

/**
 * How long to wait before the next look, in milliseconds: an interval that grows by half from look to look up to 15 s, of which
 * a random part is left out, and never shorter than Wise asked to wait.
 *
 * @param look 0 after the first look, 1 after the second, and so on.
 */
export function pollDelayMs(
  look: number,
  intervalMs: number,
  retryAfterMs: number | null,
  random: () => number = Math.random,
): number {
  const longest = Math.max(intervalMs, LONGEST_INTERVAL_MS);
  const interval = Math.min(longest, intervalMs * DELAY_GROWTH ** look);
  return Math.max(retryAfterMs ?? 0, interval * (1 - random() / 4));
}
