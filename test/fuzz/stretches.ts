import { type FuzzOutcome, mustHold, outcomeOf } from "./check-outcome.js";
import { readThreadTime } from "./thread-time.js";

/** A longer stretch of work would keep the event loop from serving others. */
const LONGEST_STRETCH_MS = 100;

/** A stretch counts only if each of so many repetitions takes as long: code may not be compiled yet, or memory be cleaned up. */
const REPETITIONS = 3;

/** What a function led to, and the processor time that it took. The event loop is never held for longer than that. */
export interface Stretch<Value> {
  readonly ms: number;
  readonly value: Value;
}

/**
 * Runs a function and, while it takes longer than a limit, repeats it. Returns the shortest run. The time that other threads and
 * programs take does not count, because tests run beside others.
 *
 * @throws {BrokenProperty} if it takes more than 100 ms of processor time, each time.
 */
export async function runWithoutStall<Value>(
  run: () => Value | Promise<Value>,
  repeatAboveMs: number = LONGEST_STRETCH_MS,
): Promise<Stretch<Value>> {
  let shortest = await measure(run);
  for (let again = 0; again < REPETITIONS && shortest.ms > repeatAboveMs; again += 1) {
    const next = await measure(run);
    if (next.ms < shortest.ms) shortest = next;
  }
  mustHold(shortest.ms <= LONGEST_STRETCH_MS, `${shortest.ms.toFixed(0)} ms of processor time`);
  return shortest;
}

/**
 * Returns what a function leads to.
 *
 * @throws {BrokenProperty} if it takes more than 100 ms of processor time, each time.
 */
export async function outcomeWithoutStall(run: () => unknown): Promise<FuzzOutcome> {
  const { value } = await runWithoutStall(() => outcomeOf(run));
  return value;
}

async function measure<Value>(run: () => Value | Promise<Value>): Promise<Stretch<Value>> {
  const startedAt = performance.now();
  const before = readThreadTime();
  const value = await run();
  // The processor time of several threads can be more than the time that passed.
  return { ms: Math.min(readThreadTime() - before, performance.now() - startedAt), value };
}
