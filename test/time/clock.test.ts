import { expect, it, vi } from "vitest";
import { Clock, elapsedMs, type Instant, setBackMs, steadyMs } from "../../src/time/clock.js";
import { Deadline, earlierDeadline } from "../../src/time/deadline.js";

const start: Instant = { monotonicMs: 1000, wallMs: Date.UTC(2026, 0, 1), firedMs: 0 };

it.each<[string, Partial<Instant>, number, number]>([
  ["all clocks agree", { monotonicMs: 1500, wallMs: start.wallMs + 500, firedMs: 500 }, 500, 500],
  ["the machine was suspended", { monotonicMs: 1500, wallMs: start.wallMs + 3_600_000 }, 3_600_000, 500],
  ["the wall clock was set back", { monotonicMs: 1500, wallMs: start.wallMs - 3_600_000 }, 500, 500],
  ["timers are mocked and no clock is", { firedMs: 60_000 }, 60_000, 60_000],
  ["only the monotonic clock is mocked", { monotonicMs: 61_000 }, 60_000, 60_000],
])("measures the longest elapsed time if %s", (_case, later, elapsed, steady) => {
  const now = { ...start, ...later };
  expect(elapsedMs(start, now)).toBe(elapsed);
  expect(steadyMs(start, now)).toBe(steady);
});

it("measures how far the wall clock was set back", () => {
  const later = { ...start, monotonicMs: start.monotonicMs + 500 };
  expect(setBackMs(start, { ...later, wallMs: start.wallMs - 3000 })).toBe(3500);
  expect(setBackMs(start, { ...later, wallMs: start.wallMs + 500 })).toBe(0);
  expect(setBackMs(start, { ...later, wallMs: start.wallMs + 9000, firedMs: 9000 })).toBe(-8500);
});

it("counts the timers that have fired", () => {
  const clock = new Clock();
  const before = clock.now();
  clock.countTimer(250);
  clock.countTimer(250);
  expect(clock.now().firedMs - before.firedMs).toBe(500);
});

it("returns the time left until a deadline, and the deadline that passes first", () => {
  vi.spyOn(performance, "now").mockReturnValue(0);
  const wall = vi.spyOn(Date, "now").mockReturnValue(0);
  const clock = new Clock();
  const [near, far] = [new Deadline(clock, 1000), new Deadline(clock, 5000)];
  wall.mockReturnValue(400);
  expect(near.leftMs).toBe(600);
  clock.countTimer(1000);
  expect(near.leftMs).toBe(0);
  expect(earlierDeadline(near, far)).toBe(near);
  expect(earlierDeadline(far, near)).toBe(near);
  expect(earlierDeadline(far, undefined)).toBe(far);
  vi.restoreAllMocks();
});
