import { afterEach, describe, expect, it, vi } from "vitest";
import { Clock } from "../../src/time/clock.js";
import { Deadline } from "../../src/time/deadline.js";
import { pause, untilAborted, wait } from "../../src/time/wait.js";

const REASON = new Error("no longer needed");
const clock = new Clock();

afterEach(() => {
  vi.useRealTimers();
});

describe("wait", () => {
  it("resolves with true once the time has passed, and leaves no timer behind", async () => {
    vi.useFakeTimers();
    const waited = wait(500, { clock, deadline: new Deadline(clock, 1000) });
    await vi.advanceTimersByTimeAsync(500);
    expect(await waited).toBe(true);
    expect(vi.getTimerCount()).toBe(1);
  });

  it("resolves with false once the deadline has passed", async () => {
    vi.useFakeTimers();
    const waited = wait(500, { clock, deadline: new Deadline(clock, 400) });
    await vi.advanceTimersByTimeAsync(400);
    expect(await waited).toBe(false);
  });

  it("rejects with the reason of a signal that aborts", async () => {
    await expect(wait(500, { clock, signal: AbortSignal.abort(REASON) })).rejects.toBe(REASON);
  });
});

describe("pause", () => {
  it.each([
    ["a signal", new AbortController().signal],
    ["null for a signal", null],
    ["no signal", undefined],
  ])("resolves once the time has passed, with %s", async (_case, signal) => {
    vi.useFakeTimers();
    const done = vi.fn();
    void pause(500, signal).then(done);
    await vi.advanceTimersByTimeAsync(499);
    expect(done).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(done).toHaveBeenCalledOnce();
  });

  it("keeps no listener on its signal", async () => {
    const { signal } = new AbortController();
    const remove = vi.spyOn(signal, "removeEventListener");
    await pause(1, signal);
    expect(remove).toHaveBeenCalledOnce();
  });

  it("rejects with the reason of the signal, and leaves no timer behind", async () => {
    vi.useFakeTimers();
    await expect(pause(500, AbortSignal.abort(REASON))).rejects.toBe(REASON);
    const controller = new AbortController();
    const paused = pause(500, controller.signal);
    controller.abort(REASON);
    await expect(paused).rejects.toBe(REASON);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("untilAborted", () => {
  it("rejects with the reason of the signal, whether it aborts before or later", async () => {
    await expect(untilAborted(AbortSignal.abort(REASON))).rejects.toBe(REASON);
    const controller = new AbortController();
    const aborted = untilAborted(controller.signal);
    controller.abort(REASON);
    await expect(aborted).rejects.toBe(REASON);
  });

  it.each([null, undefined])("never settles if the signal is %s", async (signal) => {
    const settled = vi.fn();
    untilAborted(signal).then(settled, settled);
    await new Promise((resolve) => setImmediate(resolve));
    expect(settled).not.toHaveBeenCalled();
  });
});
