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
