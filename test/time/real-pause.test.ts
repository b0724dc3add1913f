import { afterEach, expect, it, vi } from "vitest";
import { pauseInRealTime } from "../../src/time/real-pause.js";

afterEach(() => void vi.useRealTimers());

it("a pause in real time ends although timers are mocked", async () => {
  vi.useFakeTimers();
  await pauseInRealTime(1);
  await pauseInRealTime(1, new AbortController().signal);
  expect(vi.getTimerCount()).toBe(0);
});

it("a pause in real time ends when its signal aborts, and leaves no timer behind", async () => {
  const timers = () => process.getActiveResourcesInfo().filter((resource) => resource === "Timeout").length;
  const before = timers();
  const abortion = new AbortController();
  const paused = pauseInRealTime(60_000, abortion.signal);
  expect(timers()).toBe(before + 1);
  abortion.abort();
  await paused;
  expect(timers()).toBe(before);
  await pauseInRealTime(60_000, abortion.signal);
  expect(timers()).toBe(before);
});

it("a pause in real time that is over no longer listens to its signal", async () => {
  const { signal } = new AbortController();
  const removed = vi.spyOn(signal, "removeEventListener");
  await pauseInRealTime(1, signal);
  expect(removed).toHaveBeenCalledOnce();
});
