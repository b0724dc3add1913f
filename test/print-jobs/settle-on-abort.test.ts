import { getEventListeners } from "node:events";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { settleOnAbort } from "../../src/print-jobs/settle-on-abort.js";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const REASON = new Error("shutting down");

const workFor = (ms: number) => new Promise<string>((resolve) => setTimeout(resolve, ms, "done"));

describe("settleOnAbort", () => {
  it("resolves like work that goes on for long, and leaves no listener, if the signal never aborts", async () => {
    const { signal } = new AbortController();
    const settled = settleOnAbort(workFor(60_000), signal);
    expect(getEventListeners(signal, "abort")).toHaveLength(1);
    await vi.runAllTimersAsync();
    expect(await settled).toBe("done");
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });

  it("resolves like work that ends soon after the signal has aborted", async () => {
    const controller = new AbortController();
    const settled = settleOnAbort(workFor(20), controller.signal);
    settled.catch(() => {});
    controller.abort(REASON);
    await vi.runAllTimersAsync();
    expect(await settled).toBe("done");
  });

  it.each(["before", "during"])("rejects with the reason of a signal that aborts %s work that hangs", async (when) => {
    const controller = new AbortController();
    if (when === "before") controller.abort(REASON);
    const rejected = vi.fn();
    settleOnAbort(new Promise(() => {}), controller.signal).catch(rejected);
    controller.abort(REASON);
    await vi.advanceTimersByTimeAsync(100);
    expect(rejected).toHaveBeenCalledWith(REASON);
  });
});
