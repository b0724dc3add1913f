import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ReadPace } from "../../src/print-jobs/read-pace.js";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Returns when each of many reads begins, in milliseconds. */
async function starts(perSecond: number, count: number): Promise<readonly number[]> {
  const pace = new ReadPace(perSecond);
  const from = performance.now();
  const started: number[] = [];
  const reads = Array.from({ length: count }, () =>
    pace.next(undefined).then(() => void started.push(performance.now() - from)),
  );
  await vi.runAllTimersAsync();
  await Promise.all(reads);
  return started;
}

describe("the pace of reads", () => {
  it.each([
    [5, 30, 5, 1000],
    [1, 4, 1, 1000],
    [0.5, 4, 1, 2000],
    [2.5, 9, 2, 800],
  ])(
    "with the limit %d per second delays %d reads so that at most %d begin within %d ms",
    async (perSecond, count, most, ms) => {
      const started = await starts(perSecond, count);
      expect(started).toHaveLength(count);
      for (const from of started) {
        expect(started.filter((at) => at >= from && at < from + ms).length).toBeLessThanOrEqual(most);
      }
      expect(started.at(-1)).toBeLessThanOrEqual((count / perSecond) * 1000 * 1.2);
    },
  );

  it("lets the first reads begin without a wait, and the first ones after a pause too", async () => {
    const pace = new ReadPace(2);
    for (const _round of [1, 2]) {
      await pace.next(undefined);
      await pace.next(undefined);
      expect(vi.getTimerCount()).toBe(0);
      await vi.advanceTimersByTimeAsync(1200);
    }
  });

  it("differs between instances that began together", async () => {
    const last = [await starts(5, 60), await starts(5, 60)].map((started) => started.at(-1));
    expect(last[0]).not.toBe(last[1]);
  });

  it("ends a wait with the reason of the signal", async () => {
    const pace = new ReadPace(1);
    await pace.next(undefined);
    const controller = new AbortController();
    const waiting = pace.next(controller.signal);
    controller.abort(new Error("shutting down"));
    await expect(waiting).rejects.toThrow("shutting down");
    expect(vi.getTimerCount()).toBe(0);
  });
});
