import { getEventListeners } from "node:events";
import { describe, expect, it, vi } from "vitest";
import { Clock } from "../../src/time/clock.js";
import { Deadline } from "../../src/time/deadline.js";
import { type Limits, withTimeout } from "../../src/time/time-limit.js";

const never = () => new Promise<never>(() => {});

/** Runs `work` within `limits`. Returns the result, and the signal that `work` received. */
async function bounded<T>(limits: Limits, work: (signal: AbortSignal) => Promise<T>) {
  let inner: AbortSignal | undefined;
  const result = await withTimeout(limits, (signal) => {
    inner = signal;
    return work(signal);
  }).catch((error: unknown) => ({ kind: "threw" as const, error }));
  return { result, inner };
}

describe("withTimeout", () => {
  it("withTimeout returns what the work returns", async () => {
    const { result, inner } = await bounded({ timeoutMs: 1000 }, async () => "done");
    expect(result).toEqual({ kind: "finished", value: "done" });
    expect(inner?.aborted).toBe(false);
  });

  it("withTimeout throws what the work throws, and aborts its signal", async () => {
    const error = new Error("no");
    const { result, inner } = await bounded({ timeoutMs: 1000 }, () => Promise.reject(error));
    expect(result).toEqual({ kind: "threw", error });
    expect(inner?.aborted).toBe(true);
  });

  it("withTimeout rejects with what the work throws before it returns a promise", async () => {
    const reason = new Error("too early");
    const fail = () => {
      throw reason;
    };
    await expect(withTimeout({ timeoutMs: 1000 }, fail)).rejects.toBe(reason);
  });

  it.each<[string, Limits, string]>([
    ["the timeout", { timeoutMs: 10 }, "timeoutMs"],
    ["the deadline", { deadline: new Deadline(new Clock(), 10) }, "deadlineMs"],
    ["the earlier of both", { timeoutMs: 10, deadline: new Deadline(new Clock(), 60_000) }, "timeoutMs"],
    ["the earlier of both", { timeoutMs: 60_000, deadline: new Deadline(new Clock(), 10) }, "deadlineMs"],
    ["a deadline in the past", { timeoutMs: 60_000, deadline: new Deadline(new Clock(), -1) }, "deadlineMs"],
    ["a timeout of 0 ms", { timeoutMs: 0 }, "timeoutMs"],
  ])("reports that %s passed", async (_what, limits, limit) => {
    const { result, inner } = await bounded(limits, never);
    expect(result).toEqual({ kind: "timed-out", limit });
    expect(inner?.aborted ?? true).toBe(true);
  });

  it("does not begin work if no time is left or the signal has aborted", async () => {
    const work = vi.fn(never);
    await withTimeout({ deadline: new Deadline(new Clock(), -1) }, work);
    await withTimeout({ timeoutMs: 0 }, work);
    await expect(withTimeout({ signal: AbortSignal.abort("no") }, work)).rejects.toBe("no");
    expect(work).not.toHaveBeenCalled();
  });

  it("throws the reason of a signal that aborts, and aborts the signal of the work", async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort("enough"), 10);
    const { result, inner } = await bounded({ signal: controller.signal }, never);
    expect(result).toEqual({ kind: "threw", error: "enough" });
    expect(inner).not.toBe(controller.signal);
    expect(inner?.aborted).toBe(true);
  });

  it("does not wait for work that ignores its signal, and ignores its result", async () => {
    let fail: (error: Error) => void = () => {};
    const work = () =>
      new Promise<never>((_resolve, reject) => {
        fail = reject;
      });
    expect(await withTimeout({ timeoutMs: 5 }, work)).toEqual({ kind: "timed-out", limit: "timeoutMs" });
    fail(new Error("no one handles this"));
    await new Promise((resolve) => setTimeout(resolve, 5));
  });

  it("leaves no listener and no timer behind", async () => {
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
    const { signal } = new AbortController();
    const before = timers();
    await withTimeout({ signal, timeoutMs: 60_000 }, async () => {});
    await withTimeout({ signal, timeoutMs: 60_000 }, () => Promise.reject(new Error("no"))).catch(() => {});
    await withTimeout({ signal, timeoutMs: 1 }, never);
    expect(getEventListeners(signal, "abort")).toEqual([]);
    expect(timers()).toBe(before);
  });

  it("withTimeout works without any limit", async () => {
    expect(await withTimeout({}, async () => 1)).toEqual({ kind: "finished", value: 1 });
  });
});
