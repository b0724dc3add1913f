import { expect, it } from "vitest";
import { parseCallLimits } from "../../src/options/call-limits.js";

it("the limits of a client have defaults", () => {
  expect(parseCallLimits({})).toEqual({
    timeoutMs: 30_000,
    deadlineMs: undefined,
    maxRetries: 2,
    reconcileWindowMs: 10_000,
    resend: true,
  });
});

it("the limits of a client replace the defaults, even if they are 0 or false", () => {
  const limits = { timeoutMs: 1, deadlineMs: 1, maxRetries: 0, reconcileWindowMs: 0, resend: false };
  expect(parseCallLimits(limits)).toEqual(limits);
  const others = { timeoutMs: 2, deadlineMs: 3, maxRetries: 4, reconcileWindowMs: 5, resend: true };
  expect(parseCallLimits(others)).toEqual(others);
});
