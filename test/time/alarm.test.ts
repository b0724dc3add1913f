import { afterEach, describe, expect, it, vi } from "vitest";
import { Alarm } from "../../src/time/alarm.js";
import { Clock } from "../../src/time/clock.js";

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

describe("an alarm with timers of its own", () => {
  it("rings at the next check if the wall clock says that the time has just passed", () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
    const ring = vi.fn();
    new Alarm(new Clock(), 60_000, ring);
    vi.advanceTimersByTime(3000);
    expect(ring).not.toHaveBeenCalled();
    vi.setSystemTime(Date.now() + 56_000);
    vi.advanceTimersByTime(1000);
    expect(ring.mock.calls).toEqual([[false]]);
  });

  it("rings by its timer if no clock advances", () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const ring = vi.fn();
    new Alarm(new Clock(), 60_000, ring);
    vi.advanceTimersByTime(59_999);
    expect(ring).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(ring.mock.calls).toEqual([[true]]);
  });

  it("rings once, even if its timer and a clock say so at the same moment", () => {
    vi.useFakeTimers();
    const ring = vi.fn();
    new Alarm(new Clock(), 60_000, ring);
    vi.advanceTimersByTime(120_000);
    expect(ring).toHaveBeenCalledOnce();
    expect(vi.getTimerCount()).toBe(0);
  });

  it("leaves no timer behind once it is turned off", () => {
    vi.useFakeTimers();
    const alarm = new Alarm(new Clock(), 60_000, () => {});
    vi.advanceTimersByTime(3000);
    expect(vi.getTimerCount()).toBe(2);
    alarm.turnOff();
    expect(vi.getTimerCount()).toBe(0);
  });

  it("checks no clock if it rings within a second", () => {
    vi.useFakeTimers();
    new Alarm(new Clock(), 1000, () => {});
    expect(vi.getTimerCount()).toBe(1);
  });

  it.each([
    ["keeps the process alive", undefined, [true, false]],
    ["does not keep the process alive if told so", false, [false, false]],
  ])("%s, and its checks do not", (_what, holdsProcess, held) => {
    const timers = vi.spyOn(globalThis, "setTimeout");
    const alarm = new Alarm(new Clock(), 60_000, () => {}, holdsProcess);
    expect(timers.mock.results.map(({ value }) => value.hasRef())).toEqual(held);
    alarm.turnOff();
  });
});

it("an alarm longer than any timer sets none, but the longest that a timer can measure does", () => {
  vi.useFakeTimers();
  new Alarm(new Clock(), 2 ** 31, () => {});
  expect(vi.getTimerCount()).toBe(0);
  new Alarm(new Clock(), 2 ** 31 - 1, () => {});
  expect(vi.getTimerCount()).toBe(2);
});

it("an alarm rings if timers are numbers, as in a browser", async () => {
  const { setTimeout: usualSetTimeout } = globalThis;
  vi.stubGlobal("setTimeout", (run: () => void, ms: number) => Number(usualSetTimeout(run, ms)));
  await new Promise((resolve) => new Alarm(new Clock(), 1, resolve, false));
});
