/** Feeds the package with generated inputs: see README.md beside this file. */
import { fork } from "node:child_process";
import { randomInt } from "node:crypto";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import type { FuzzReport } from "./fuzz-part.js";

const seed = readInteger("FUZZ_SEED", 0) ?? randomInt(2 ** 31);
const inputs = readInteger("FUZZ_INPUTS", 1) ?? 1_000_000;
const only = readInteger("FUZZ_ONLY", 0);
const first = only ?? 0;
const end = only === undefined ? inputs : first + 1;

const parts = Math.min(availableParallelism(), end - first);
console.log(`Seed ${seed}: ${end - first} inputs in ${parts} processes`);
const startedAt = performance.now();
const done = Array<number>(parts).fill(0);
const progress = setInterval(() => {
  const sum = done.reduce((total, count) => total + count, 0);
  console.log(`${sum} inputs after ${Math.round((performance.now() - startedAt) / 1000)} s`);
}, 30_000);

const reports = await Promise.all(Array.from({ length: parts }, (_, part) => runPart(part)));
clearInterval(progress);

const count = reports.reduce((sum, report) => sum + report.count, 0);
const findings = reports.reduce((sum, report) => sum + report.findings, 0);
const longestMs = Math.max(...reports.map((report) => report.longestMs));
const byTarget = new Map<string, number>();
for (const [name, inputCount] of reports.flatMap((report) => Object.entries(report.byTarget))) {
  byTarget.set(name, (byTarget.get(name) ?? 0) + inputCount);
}
console.log([...byTarget].map(([name, inputCount]) => `${name} ${inputCount}`).join(", "));
console.log(`${count} inputs in ${Math.round((performance.now() - startedAt) / 1000)} s`);
console.log(`The most processor time of one input: ${longestMs.toFixed(1)} ms`);
console.log(`Findings: ${findings}`);
process.exitCode = findings === 0 && count === end - first ? 0 : 1;

/** Returns the integer in an environment variable; `undefined` if it is not set. */
function readInteger(name: string, least: number): number | undefined {
  const text = process.env[name];
  if (text === undefined) return undefined;
  const integer = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(integer) && integer >= least) return integer;
  throw new Error(`${name} must be an integer of at least ${least}, and is ${JSON.stringify(text)}.`);
}

/** Runs a part of the inputs in a process of its own, so that their processor time can be measured. */
function runPart(part: number): Promise<FuzzReport> {
  return new Promise((resolve, reject) => {
    let report: FuzzReport | undefined;
    const child = fork(fileURLToPath(new URL("fuzz-part.ts", import.meta.url)), [
      String(seed),
      String(first + part),
      String(end),
      String(parts),
    ]);
    child.on("message", (message: number | FuzzReport) => {
      if (typeof message === "number") done[part] = message;
      else report = message;
    });
    child.on("exit", (code) => {
      if (report === undefined) reject(new Error(`A process ended early, with code ${code}.`));
      else resolve(report);
    });
  });
}
