import { expect, it, vi } from "vitest";
import { WorkSignal } from "../../src/time/work-signal.js";

it("a work signal calls each listener once, but none that was removed", () => {
  const signal = new WorkSignal();
  const [kept, removed] = [vi.fn(), vi.fn()];
  signal.addEventListener("abort", kept);
  signal.addEventListener("abort", removed);
  signal.removeEventListener("abort", removed);
  expect(signal.aborted).toBe(false);
  signal.abort();
  signal.abort();
  expect(signal.aborted).toBe(true);
  expect([kept.mock.calls.length, removed.mock.calls.length]).toEqual([1, 0]);
});

it("a work signal has one full signal, which aborts with it", () => {
  const signal = new WorkSignal();
  const { full } = signal;
  expect(signal.full).toBe(full);
  expect(full.aborted).toBe(false);
  signal.throwIfAborted();
  signal.abort();
  expect(full.aborted).toBe(true);
  expect(() => signal.throwIfAborted()).toThrow(expect.objectContaining({ name: "AbortError" }));
});

it("a work signal that has aborted has a full signal that has aborted", () => {
  const signal = new WorkSignal();
  signal.abort();
  expect(signal.full.aborted).toBe(true);
});
