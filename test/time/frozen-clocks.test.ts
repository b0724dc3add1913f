import { expect, it, vi } from "vitest";
import { Clock } from "../../src/time/clock.js";
import { withTimeout } from "../../src/time/time-limit.js";

it("a time limit passes in time if the clocks stand still and an earlier one had a fraction of a millisecond", async () => {
  vi.spyOn(performance, "now").mockReturnValue(performance.now());
  vi.spyOn(Date, "now").mockReturnValue(Date.now());
  const clock = new Clock();
  // The last tick of the first is a whole second long.
  for (const timeoutMs of [1999.039, 1100]) {
    const limited = withTimeout({ clock, timeoutMs }, () => new Promise<never>(() => {}));
    const later = new Promise((resolve) => setTimeout(resolve, timeoutMs + 800, "later"));
    expect(await Promise.race([limited, later])).toEqual({ kind: "timed-out", limit: "timeoutMs" });
  }
  vi.restoreAllMocks();
});
