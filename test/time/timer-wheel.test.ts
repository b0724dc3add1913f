import { mock } from "node:test";
import { afterEach, describe, expect, it, vi } from "vitest";
import { Alarm } from "../../src/time/alarm.js";
import { Clock } from "../../src/time/clock.js";
import { withTimeout } from "../../src/time/time-limit.js";
import { findTimerWheel, TICK_MS } from "../../src/time/timer-wheel.js";

/** Longer than a tick, so that the wheel measures it. */
const LONG_MS = 1100;

const never = () => new Promise<never>(() => {});
const timedOut = { kind: "timed-out", limit: "timeoutMs" };

/** How many timers keep the process alive. */
const countHolders = () => process.getActiveResourcesInfo().filter((type) => type === "Timeout").length;
const setAlarm = (holdsProcess: boolean) => new Alarm(new Clock(), 60_000, () => {}, holdsProcess);

afterEach(() => {
  mock.timers.reset();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe("the timer wheel", () => {
  it("ends work that has no time left, however much other work is waiting", async () => {
    const limits = Array.from({ length: 50 }, (_, index) => LONG_MS + index);
    const results = await Promise.all(limits.map((timeoutMs) => withTimeout({ timeoutMs }, never)));
    expect(new Set(results.map((result) => JSON.stringify(result)))).toEqual(new Set([JSON.stringify(timedOut)]));
  });

  it("ends work before a timer that is set 800 ms later", async () => {
    const later = new Promise((resolve) => setTimeout(resolve, LONG_MS + 800, "later"));
    expect(await Promise.race([withTimeout({ timeoutMs: LONG_MS }, never), later])).toEqual(timedOut);
  });

  it("does not end work early by a tick that began before it, and then still keeps the process alive", async () => {
    const [quiet, ring] = [setAlarm(false), vi.fn()];
    const alarm = new Alarm(new Clock(), 1900, ring);
    await new Promise((resolve) => setTimeout(resolve, TICK_MS + 50));
    expect(ring).not.toHaveBeenCalled();
    const before = countHolders();
    alarm.turnOff();
    expect(countHolders()).toBe(before - 1);
    quiet.turnOff();
  });

  it("leaves alarms that are no longer than its tick to timers of their own", () => {
    const before = countHolders();
    const alarms = Array.from({ length: 3 }, () => new Alarm(new Clock(), TICK_MS, () => {}));
    expect(countHolders()).toBe(before + 3);
    for (const alarm of alarms) alarm.turnOff();
  });

  it("ends work if both clocks stand still, and counts the time", async () => {
    const [monotonicMs, wallMs] = [performance.now(), Date.now()];
    vi.spyOn(performance, "now").mockReturnValue(monotonicMs);
    vi.spyOn(Date, "now").mockReturnValue(wallMs);
    const clock = new Clock();
    // The tick of the first may have begun before, and end with a fraction of a millisecond left.
    const results = [
      withTimeout({ clock, timeoutMs: LONG_MS }, never),
      withTimeout({ timeoutMs: LONG_MS + 0.3 }, never),
    ];
    expect(await Promise.all(results)).toEqual([timedOut, timedOut]);
    expect(clock.now().firedMs).toBe(LONG_MS);
  });

  it("does not count the time if only the wall clock says that it has passed", async () => {
    const clock = new Clock();
    const result = withTimeout({ clock, timeoutMs: 600_000 }, never);
    const now = Date.now.bind(Date);
    vi.spyOn(Date, "now").mockImplementation(() => now() + 601_000);
    expect(await result).toEqual(timedOut);
    expect(clock.now().firedMs).toBe(0);
  });

  it("ends work that began before timers were mocked", async () => {
    const result = withTimeout({ timeoutMs: LONG_MS }, never);
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    expect(await result).toEqual(timedOut);
  });

  it.each<[string, () => void]>([
    ["Vitest", () => void vi.useFakeTimers()],
    ["node:test", () => mock.timers.enable({ apis: ["setTimeout"] })],
  ])("is not used while %s mocks timers, and used again afterwards", (_runner, enable) => {
    expect(findTimerWheel()).toBeDefined();
    enable();
    expect(findTimerWheel()).toBeUndefined();
    mock.timers.reset();
    vi.useRealTimers();
    expect(findTimerWheel()).toBeDefined();
  });
});

describe("the process", () => {
  it("is kept alive by the wheel as long as one of its alarms does so", () => {
    const before = countHolders();
    const quiet = setAlarm(false);
    expect(countHolders()).toBe(before);
    const [first, second] = [setAlarm(true), setAlarm(true)];
    expect(countHolders()).toBe(before + 1);
    first.turnOff();
    first.turnOff();
    quiet.turnOff();
    expect(countHolders()).toBe(before + 1);
    second.turnOff();
    expect(countHolders()).toBe(before);
  });
});
