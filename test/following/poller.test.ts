import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { Poller } from "../../src/following/poller.js";
import { Clock } from "../../src/time/clock.js";

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, "random").mockReturnValue(0.5);
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** Runs a poller whose reads take no time, and returns it with the times of its reads. */
function startPoller(retryAfterMs: number | null = null, demanded = () => Promise.resolve()) {
  const controller = new AbortController();
  const poller = new Poller(1000, new Clock(), controller.signal);
  const begin = Date.now();
  const reads: number[] = [];
  const poll = async () => {
    reads.push(Date.now() - begin);
    return retryAfterMs;
  };
  const ended = poller.run(demanded, poll).catch((reason: unknown) => reason);
  onTestFinished(() => {
    controller.abort();
  });
  return { poller, reads, controller, ended };
}

describe("a poller", () => {
  it("reads immediately, and then at growing intervals", async () => {
    const { reads } = startPoller();
    await vi.advanceTimersByTimeAsync(60_000);
    const gaps = reads.slice(1).map((time, index) => time - (reads[index] as number));
    expect(reads[0]).toBe(0);
    expect(gaps.length).toBeGreaterThan(3);
    expect(gaps).toEqual([...gaps].sort((a, b) => a - b));
    expect(gaps.at(-1)).toBeGreaterThan(gaps[0] as number);
  });

  it("reads immediately when it is triggered, once for each time", async () => {
    const { poller, reads } = startPoller();
    await vi.advanceTimersByTimeAsync(100);
    poller.pollNow();
    await vi.advanceTimersByTimeAsync(100);
    expect(reads).toEqual([0, 100]);
  });

  it("reads as soon as a read is demanded if its time has come before", async () => {
    let demand = () => {};
    const demanded = () =>
      new Promise<void>((resolve) => {
        demand = resolve;
      });
    const { reads } = startPoller(null, demanded);
    const demandTwice = async () => {
      for (let count = 0; count < 2; count += 1) {
        demand();
        await vi.advanceTimersByTimeAsync(0);
      }
    };
    await demandTwice();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(reads).toEqual([0]);
    await demandTwice();
    expect(reads).toEqual([0, 60_000]);
  });

  it("does not read before Wise's Retry-After has passed, even if it is triggered", async () => {
    const { poller, reads } = startPoller(30_000);
    await vi.advanceTimersByTimeAsync(100);
    poller.pollNow();
    await vi.advanceTimersByTimeAsync(29_800);
    expect(reads).toEqual([0]);
    await vi.advanceTimersByTimeAsync(200);
    expect(reads).toEqual([0, 30_000]);
  });

  it("ends with the reason of its signal, and leaves no timer behind", async () => {
    const { reads, controller, ended } = startPoller();
    await vi.advanceTimersByTimeAsync(100);
    const reason = new Error("over");
    controller.abort(reason);
    expect(await ended).toBe(reason);
    expect(reads).toEqual([0]);
    expect(vi.getTimerCount()).toBe(0);
  });
});
