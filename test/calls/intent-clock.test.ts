import { describe, expect, it } from "vitest";
import {
  estimateIntentStart,
  type IntentTimes,
  intentWindowLeftMs,
  isIntentWindowOver,
} from "../../src/calls/intent-clock.js";

const WISE = Date.UTC(2026, 0, 1, 12);
/** Our clock is 100 s ahead of Wise's. */
const OURS = WISE + 100_000;
const WINDOW_MS = 10_000;

const text = (ms: number) => new Date(ms).toISOString();

/** The first request was about to start 3 s after Wise's last response, and the latest one is aborted 38 s after it. */
const intent: IntentTimes = {
  requestedAt: text(OURS + 3000),
  expiresAt: text(OURS + 38_000),
  wiseAt: text(WISE),
  wiseAtOurs: text(OURS),
};
const withoutDate: IntentTimes = { ...intent, wiseAt: null, wiseAtOurs: null };

describe("estimateIntentStart", () => {
  it("returns the time of the first request by Wise's clock, less the second that a Date may hide", () => {
    expect(estimateIntentStart(intent)).toEqual({ at: WISE + 2000, toleranceBeforeMs: 60_000, toleranceAfterMs: 0 });
  });

  it("uses our clock with a tolerance of 5 minutes if no Date was known", () => {
    const tolerance = { toleranceBeforeMs: 300_000, toleranceAfterMs: 300_000 };
    expect(estimateIntentStart(withoutDate)).toEqual({ at: OURS + 3000, ...tolerance });
  });

  it.each([{ wiseAt: null }, { wiseAtOurs: null }])(
    "uses our clock if only one of two times is known: %j",
    (unknown) => {
      expect(estimateIntentStart({ ...intent, ...unknown })).toEqual(estimateIntentStart(withoutDate));
    },
  );

  it("reads times that a database has written in another format", () => {
    const stored = {
      ...intent,
      requestedAt: "2026-01-01T13:01:43+01:00",
      wiseAtOurs: "2026-01-01T12:01:40.000000+0000",
    };
    expect(estimateIntentStart(stored)).toEqual(estimateIntentStart(intent));
  });
});

describe("the window of an intent", () => {
  const WISE_END = WISE + 1000 + 38_000 + WINDOW_MS;
  const OUR_END = OURS + 38_000 + WINDOW_MS + 120_000;

  it.each([
    ["is open a millisecond before its end", WISE_END - 1, false],
    ["is over at its end", WISE_END, true],
  ])("%s by Wise's clock", (_title, wiseAt, isOver) => {
    expect(isIntentWindowOver(intent, { startedAt: 0, wiseAt }, WINDOW_MS)).toBe(isOver);
    expect(isIntentWindowOver(intent, { startedAt: OURS + 9e6, wiseAt }, WINDOW_MS)).toBe(isOver);
  });

  it.each([
    ["the read has no Date", intent, null],
    ["the intent has no Date", withoutDate, WISE + 9e6],
    ["neither has a Date", withoutDate, null],
  ])("ends 2 minutes later by our clock if %s", (_title, times, wiseAt) => {
    expect(isIntentWindowOver(times, { startedAt: OUR_END - 1, wiseAt }, WINDOW_MS)).toBe(false);
    expect(isIntentWindowOver(times, { startedAt: OUR_END, wiseAt }, WINDOW_MS)).toBe(true);
  });

  it("shows how much of it is left", () => {
    expect(intentWindowLeftMs(intent, { startedAt: 0, wiseAt: WISE_END - 2500 }, WINDOW_MS)).toBe(2500);
    expect(intentWindowLeftMs(withoutDate, { startedAt: OUR_END + 7, wiseAt: null }, WINDOW_MS)).toBe(-7);
  });

  it("is never over if a time of the intent is invalid", () => {
    const invalid = { ...intent, expiresAt: "tomorrow" };
    expect(isIntentWindowOver(invalid, { startedAt: 9e15, wiseAt: 9e15 }, WINDOW_MS)).toBe(false);
  });
});
