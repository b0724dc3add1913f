import { expect, it } from "vitest";
import { pollDelayMs } from "../../src/following/poll-delay.js";

const least = () => 0.999_999_999;
const most = () => 0;

it.each([
  [0, 1000],
  [1, 1500],
  [2, 2250],
  [3, 3375],
  [4, 5062.5],
  [5, 7593.75],
  [6, 11_390.625],
  [7, 15_000],
  [8, 15_000],
  [5000, 15_000],
])("shortens the interval after poll %i, %f ms, by up to a quarter", (pollCount, interval) => {
  expect(pollDelayMs(pollCount, 1000, null, most)).toBe(interval);
  expect(pollDelayMs(pollCount, 1000, null, () => 0.5)).toBeCloseTo(interval * 0.875);
  expect(pollDelayMs(pollCount, 1000, null, least)).toBeCloseTo(interval * 0.75);
});

it.each([
  [100, 0, 100],
  [100, 1, 150],
  [100, 100, 15_000],
  [20_000, 0, 20_000],
  [20_000, 9, 20_000],
])("turns an interval of %i ms after poll %i into %i ms", (intervalMs, pollCount, expected) => {
  expect(pollDelayMs(pollCount, intervalMs, null, most)).toBe(expected);
});

it.each([
  [0, 500, 750],
  [0, 2000, 2000],
  [0, 120_000, 120_000],
  [7, 2000, 11_250],
  [7, 0, 11_250],
])("waits after poll %i, with a Retry-After of %i ms, at least %i ms", (pollCount, retryAfterMs, expected) => {
  expect(pollDelayMs(pollCount, 1000, retryAfterMs, least)).toBeCloseTo(expected, 3);
});

it("chooses a new random part each time", () => {
  const delays = new Set(Array.from({ length: 100 }, () => pollDelayMs(0, 1000, null)));
  expect(delays.size).toBeGreaterThan(50);
  expect(Math.min(...delays)).toBeGreaterThan(750);
  expect(Math.max(...delays)).toBeLessThanOrEqual(1000);
});
