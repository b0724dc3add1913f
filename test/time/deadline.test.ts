import { afterEach, expect, it, vi } from "vitest";
import { Clock } from "../../src/time/clock.js";
import { Deadline, earlierDeadline } from "../../src/time/deadline.js";
import { withTimeout } from "../../src/time/time-limit.js";

afterEach(() => {
  vi.useRealTimers();
});

it("a deadline calls its listeners once, but none that was removed", () => {
  vi.useFakeTimers();
  const deadline = new Deadline(new Clock(), 60_000);
  const [kept, removed] = [vi.fn(), vi.fn()];
  deadline.onRing(kept);
  deadline.onRing(removed)();
  vi.advanceTimersByTime(60_000);
  expect([kept.mock.calls.length, removed.mock.calls.length]).toEqual([1, 0]);
});

it("a deadline that has rung leaves no time, even if no clock advances", () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const deadline = new Deadline(new Clock(), 60_000);
  vi.advanceTimersByTime(60_000);
  expect(deadline.leftMs).toBe(0);
});

it("a deadline that ends leaves no timer behind", () => {
  vi.useFakeTimers();
  const deadline = new Deadline(new Clock(), 60_000);
  expect(vi.getTimerCount()).toBe(2);
  deadline.end();
  expect(vi.getTimerCount()).toBe(0);
});

it("a deadline does not keep the process alive", () => {
  const timers = vi.spyOn(globalThis, "setTimeout");
  const deadline = new Deadline(new Clock(), 60_000);
  expect(timers.mock.results.map(({ value }) => value.hasRef())).toEqual([false, false]);
  deadline.end();
  vi.restoreAllMocks();
});

it("a deadline that other limits equal gives way to them", async () => {
  vi.useFakeTimers();
  const [one, other] = [new Deadline(new Clock(), 1000), new Deadline(new Clock(), 1000)];
  expect(earlierDeadline(one, other)).toBe(one);
  const result = withTimeout(
    { timeoutMs: 1000, deadline: new Deadline(new Clock(), 1000) },
    () => new Promise(() => {}),
  );
  vi.advanceTimersByTime(1000);
  const passed = withTimeout({ timeoutMs: 0, deadline: one }, () => new Promise(() => {}));
  expect(await passed).toEqual({ kind: "timed-out", limit: "timeoutMs" });
  expect(await result).toMatchObject({ kind: "timed-out" });
});
