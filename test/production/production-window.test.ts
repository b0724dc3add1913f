import { afterEach, describe, expect, it, vi } from "vitest";
import { isWithinProductionWindow, PRODUCTION_WINDOW_DAYS } from "../../src/production/production-window.js";

const created = new Date("2024-01-01T00:00:00.000Z");
const later = (days: number, ms = 0): Date => new Date(created.getTime() + days * 86_400_000 + ms);

afterEach(() => {
  vi.useRealTimers();
});

describe("isWithinProductionWindow", () => {
  it("the production window is 60 days", () => {
    expect(PRODUCTION_WINDOW_DAYS).toBe(60);
  });

  it.each([
    [true, "at its creation", later(0)],
    [true, "a millisecond before the end", later(60, -1)],
    [true, "exactly 60 days after its creation", later(60)],
    [false, "a millisecond too late", later(60, 1)],
    [false, "a year too late", later(425)],
    [true, "before its creation, by a clock that differs", later(0, -1000)],
  ])("isWithinProductionWindow returns %s for a card %s", (expected, _when, now) => {
    expect(isWithinProductionWindow(created, now)).toBe(expected);
    expect(isWithinProductionWindow(created.toISOString(), now)).toBe(expected);
  });

  it("the production window counts days of 24 hours and ignores daylight-saving changes", () => {
    expect(isWithinProductionWindow("2024-03-30T12:00:00+01:00", new Date("2024-05-29T13:00:00+02:00"))).toBe(true);
    expect(isWithinProductionWindow("2024-03-30T12:00:00+01:00", new Date("2024-05-29T13:00:01+02:00"))).toBe(false);
  });

  it("isWithinProductionWindow reads Wise's timestamps, also with a stray digit as in its documentation", () => {
    const now = new Date("2024-03-01T12:24:56.000Z");
    expect(isWithinProductionWindow("2024-01-01T12:24:560Z", now)).toBe(true);
    expect(isWithinProductionWindow("2024-01-01T12:24:550Z", now)).toBe(false);
  });

  it.each(["", "yesterday", "2024-02-30T00:00:00Z", "2024-01-01T12:24:56", "1704067200000"])(
    "isWithinProductionWindow returns false for the unreadable creation time %j",
    (createdAt) => {
      expect(isWithinProductionWindow(createdAt, created)).toBe(false);
    },
  );

  it("isWithinProductionWindow returns false for an unreadable current time", () => {
    expect(isWithinProductionWindow(created, new Date("never"))).toBe(false);
  });

  it("isWithinProductionWindow uses the current time by default", () => {
    vi.useFakeTimers({ now: later(60) });
    expect(isWithinProductionWindow(created)).toBe(true);
    vi.setSystemTime(later(60, 1));
    expect(isWithinProductionWindow(created)).toBe(false);
  });
});
