import { afterEach, expect, it, vi } from "vitest";
import { SimulatorClock } from "../../src/testing/simulator/simulator-clock.js";
import { collectUncaughtErrors } from "../support/uncaught-errors.js";

const NOW = new Date("2026-01-01T12:00:00.000Z");

const later = (ms: number) => new Date(NOW.getTime() + ms);

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** Creates a stopped clock. */
function stoppedClock(): SimulatorClock {
  const clock = new SimulatorClock();
  clock.set(NOW);
  return clock;
}

it("a clock is stopped once it was set, until it is reset", () => {
  const clock = new SimulatorClock();
  expect(clock.isStopped).toBe(false);
  clock.set(NOW);
  expect(clock.isStopped).toBe(true);
  clock.reset(undefined);
  expect(clock.isStopped).toBe(false);
});

it("a clock that is advanced runs what is due in the order of its times, and what is due at the same time in the order of its addition", () => {
  const clock = stoppedClock();
  const ran: [string, Date][] = [];
  const add = (name: string, ms: number) => clock.after(ms, () => ran.push([name, clock.now]));
  add("second", 200);
  add("third", 200);
  add("first", 100);
  add("later", 301);
  clock.advance(300);
  expect(ran).toEqual([
    ["first", later(100)],
    ["second", later(200)],
    ["third", later(200)],
  ]);
  expect(clock.now).toEqual(later(300));
});

it("what is due at the same time runs after the running task, even if that one catches up", () => {
  const clock = stoppedClock();
  const ran: [string, Date][] = [];
  clock.after(100, () => {
    clock.catchUp();
    ran.push(["first", clock.now]);
  });
  clock.after(100, () => ran.push(["second", clock.now]));
  clock.advance(1000);
  expect(ran).toEqual([
    ["first", later(100)],
    ["second", later(100)],
  ]);
});

it("an exception of a task becomes an uncaught error, and stops neither the other tasks nor the clock", async () => {
  const failures = collectUncaughtErrors();
  const clock = stoppedClock();
  const ran: Date[] = [];
  clock.after(100, () => {
    throw new Error("wrong token");
  });
  clock.after(200, () => ran.push(clock.now));
  clock.advance(1000);
  expect(ran).toEqual([later(200)]);
  expect(clock.now).toEqual(later(1000));
  clock.after(0, () => ran.push(clock.now));
  expect(ran).toEqual([later(200), later(1000)]);
  await vi.waitFor(() => expect(failures).toEqual([new Error("wrong token")]));
});

it("a timer follows a clock that was advanced while it ran", () => {
  vi.useFakeTimers();
  const clock = new SimulatorClock();
  const run = vi.fn();
  clock.after(60_000, run);
  clock.advance(58_000);
  vi.advanceTimersByTime(1999);
  expect(run).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(run).toHaveBeenCalledOnce();
  expect(vi.getTimerCount()).toBe(0);
});

it("a timer that fires late does not set the clock back", () => {
  vi.useFakeTimers();
  const clock = new SimulatorClock();
  const run = vi.fn();
  clock.after(100, run);
  vi.setSystemTime(Date.now() + 500);
  vi.advanceTimersByTime(100);
  expect(run).toHaveBeenCalledOnce();
  expect(clock.now).toEqual(new Date());
});

it("a timer that fires 2 ms early is set again, and does not advance the clock", () => {
  vi.useFakeTimers();
  const clock = new SimulatorClock();
  const run = vi.fn();
  clock.after(100, run);
  vi.setSystemTime(Date.now() - 2);
  vi.advanceTimersByTime(100);
  expect(clock.now).toEqual(new Date());
  expect(run).not.toHaveBeenCalled();
  vi.advanceTimersByTime(2);
  expect(run).toHaveBeenCalledOnce();
});

it("a pending task does not keep the process alive", () => {
  const timers = vi.spyOn(globalThis, "setTimeout");
  const clock = new SimulatorClock();
  clock.after(60_000, () => {});
  expect(timers.mock.results.map(({ value }) => value.hasRef())).toEqual([false]);
  clock.reset(undefined);
});

it("a clock works with timers that are numbers, as in browsers", () => {
  vi.spyOn(globalThis, "setTimeout").mockReturnValue(1 as never);
  const clock = new SimulatorClock();
  const run = vi.fn();
  clock.after(60_000, run);
  clock.advance(60_000);
  expect(run).toHaveBeenCalledOnce();
});
