import { afterEach, expect, it, vi } from "vitest";
import { BrokenProperty } from "./check-outcome.js";
import { FuzzInputs } from "./fuzz-inputs.js";
import { outcomeWithoutStall } from "./stretches.js";
import { readThreadTime } from "./thread-time.js";

afterEach(() => {
  vi.restoreAllMocks();
});

/** Works for longer than the fuzzer allows. */
function stall(): void {
  const startedAt = performance.now();
  const before = readThreadTime();
  while (readThreadTime() - before < 110 || performance.now() - startedAt < 110);
}

it("the fuzzer reports what stalls the event loop whenever it runs, even if it fails", async () => {
  const failing = outcomeWithoutStall(() => {
    stall();
    throw new Error("failed");
  });
  await expect(failing).rejects.toThrow(/^\d+ ms of processor time$/);
});

it("the fuzzer accepts what takes long only once", async () => {
  const run = vi
    .fn<() => string>(() => "fast")
    .mockImplementationOnce(() => {
      stall();
      return "slow";
    });
  expect(await outcomeWithoutStall(run)).toEqual({ value: "fast" });
  expect(run).toHaveBeenCalledTimes(2);
});

it("the fuzzer reports a generated input that stalls the event loop", async () => {
  const inputs = new FuzzInputs(1);
  vi.spyOn(inputs.target(0), "run").mockImplementation(stall);
  const running = inputs.run(0);
  await expect(running).rejects.toBeInstanceOf(BrokenProperty);
  await expect(running).rejects.toThrow(/, input 0: \d+ ms of processor time$/);
});
