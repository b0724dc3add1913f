import { expect, it } from "vitest";
import { retryDelayMs } from "../../src/time/wait.js";

it("waits a random part of a time that doubles from 500 ms to 8 s", () => {
  const ceilings = [0, 1, 2, 3, 4, 5, 9].map((retry) => retryDelayMs(retry, null, () => 1));
  expect(ceilings).toEqual([500, 1000, 2000, 4000, 8000, 8000, 8000]);
  expect(retryDelayMs(3, null, () => 0)).toBe(0);
  expect(retryDelayMs(3, null, () => 0.25)).toBe(1000);
});

it("waits as long as Wise asks, even if that is no time at all", () => {
  expect(retryDelayMs(0, 7000, () => 0.5)).toBe(7000);
  expect(retryDelayMs(9, 0, () => 0.5)).toBe(0);
});
