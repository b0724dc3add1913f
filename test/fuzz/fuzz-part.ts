/** A process of the fuzzer: runs every n-th input, and reports to its parent. */
import { inspect } from "node:util";
import { FuzzInputs } from "./fuzz-inputs.js";

/** What one process found. */
export interface FuzzReport {
  readonly count: number;
  readonly byTarget: Readonly<Record<string, number>>;
  readonly findings: number;
  /** The input that took the most processor time without a repetition being faster. */
  readonly stretch: { readonly longestMs: number; readonly index: number };
}

/** A longer stretch of work would keep the event loop from serving others. */
const LONGEST_STRETCH_MS = 100;

/** A stretch counts only if each of so many repetitions takes as long: the machine may be busy, or code not compiled yet. */
const REPETITIONS = 3;

const MAX_FINDINGS = 20;

const [seed = 0, first = 0, end = 0, step = 1] = process.argv.slice(2).map(Number);
const inputs = new FuzzInputs(seed);
const byTarget: Record<string, number> = {};
let findings = 0;
let stretch = { longestMs: 0, index: -1 };
let count = 0;

process.on("unhandledRejection", (error) => report(`An unhandled rejection: ${inspect(error)}`));
process.on("uncaughtException", (error) => report(`An uncaught exception: ${inspect(error)}`));

for (let index = first; index < end && findings < MAX_FINDINGS; index += step) {
  await runInput(index);
  const { name } = inputs.target(index);
  byTarget[name] = (byTarget[name] ?? 0) + 1;
  count += 1;
  if (count % 1000 === 0) process.send?.(count);
}
// What was left behind gets a chance to fail.
await new Promise((resolve) => setTimeout(resolve, 1000));
process.send?.({ count, byTarget, findings, stretch } satisfies FuzzReport, () => process.exit());

/** Prints a finding when it is found: a run may take long. */
function report(finding: string): void {
  findings += 1;
  console.log(`\n${finding}\nRun it alone: FUZZ_SEED=${seed} FUZZ_ONLY=<number of the input> npm run test:fuzz\n`);
}

async function runInput(index: number): Promise<void> {
  try {
    let ms = await measure(index);
    for (let again = 0; again < REPETITIONS && mayCount(ms); again += 1) {
      ms = Math.min(ms, await measure(index));
    }
    if (ms > stretch.longestMs) stretch = { longestMs: ms, index };
    if (ms > LONGEST_STRETCH_MS) report(`input ${index} takes ${ms.toFixed(0)} ms of processor time`);
  } catch (error) {
    report(inspect(error, { depth: 4 }));
  }
}

/** Returns whether a time would be a finding, or the longest one so far. */
function mayCount(ms: number): boolean {
  return ms > LONGEST_STRETCH_MS || (ms > stretch.longestMs && ms > 10);
}

/** Returns the processor time of an input. On an idle machine, the input never holds the event loop for longer than that. */
async function measure(index: number): Promise<number> {
  const before = performance.now();
  const cpu = process.cpuUsage();
  await inputs.run(index);
  const { user, system } = process.cpuUsage(cpu);
  return Math.min((user + system) / 1000, performance.now() - before);
}
