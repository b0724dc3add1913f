/** A process of the fuzzer: runs every n-th input, and reports to its parent. */
import { inspect } from "node:util";
import { FuzzInputs } from "./fuzz-inputs.js";

/** What one process found. */
export interface FuzzReport {
  readonly count: number;
  readonly byTarget: Readonly<Record<string, number>>;
  readonly findings: number;
  /** The most processor time of one input that is not a finding. */
  readonly longestMs: number;
}

/** An input that takes longer is repeated, because it may be the longest one. */
const LONG_MS = 10;

const MAX_FINDINGS = 20;

const [seed = 0, first = 0, end = 0, step = 1] = process.argv.slice(2).map(Number);
const inputs = new FuzzInputs(seed);
const byTarget: Record<string, number> = {};
let findings = 0;
let longestMs = 0;
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
process.send?.({ count, byTarget, findings, longestMs } satisfies FuzzReport, () => process.exit());

/** Prints a finding when it is found: a run may take long. */
function report(finding: string): void {
  findings += 1;
  console.log(`\n${finding}\nRun it alone: FUZZ_SEED=${seed} FUZZ_ONLY=<number of the input> npm run test:fuzz\n`);
}

async function runInput(index: number): Promise<void> {
  try {
    longestMs = Math.max(longestMs, await inputs.run(index, Math.max(longestMs, LONG_MS)));
  } catch (error) {
    report(inspect(error, { depth: 4 }));
  }
}
