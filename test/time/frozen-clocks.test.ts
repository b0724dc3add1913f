import { expect, it, vi } from "vitest";
import { Clock } from "../../src/time/clock.js";
import { withTimeout } from "../../src/time/time-limit.js";

it("a time limit passes if the clocks stand still and an earlier one had a fraction of a millisecond", async () => {
  vi.spyOn(performance, "now").mockReturnValue(performance.now());
  vi.spyOn(Date, "now").mockReturnValue(Date.now());
  const clock = new Clock();
  for (const timeoutMs of [1000.039, 1100]) {
    const limited = withTimeout({ clock, timeoutMs }, () => new Promise<never>(() => {}));
    expect(await limited).toEqual({ kind: "timed-out", limit: "timeoutMs" });
  }
  vi.restoreAllMocks();
});
