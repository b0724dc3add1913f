import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { ActResult, BankPlan } from "./bank-plan.js";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** How many processes of the bank run at once in this process of the tests. */
const MOST_AT_ONCE = 3;

let running = 0;
const waiting: (() => void)[] = [];

let compiled: Promise<string> | undefined;

/** How a process of the bank ended. */
export interface Ended {
  readonly wasKilled: boolean;
  /** What came of its acts, in their order, as far as it got. */
  readonly results: readonly ActResult[];
}

/** Compiles the program once and with everything that it imports: a process then starts in a third of the time. */
async function compile(): Promise<string> {
  const folder = mkdtempSync(`${tmpdir()}/bank-`);
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  await build({
    absWorkingDir: root,
    entryPoints: ["test/support/programs/bank.ts"],
    outfile: `${folder}/bank.cjs`,
    bundle: true,
    platform: "node",
    target: "node20",
    external: ["pg-native"],
  });
  return `${folder}/bank.cjs`;
}

/**
 * Runs a process of the bank until it ends or kills itself, for at most 60 seconds.
 *
 * @param killAfterMs kills it so long after its start, if it still runs then.
 */
export async function runBank(plan: BankPlan, killAfterMs?: number): Promise<Ended> {
  compiled ??= compile();
  const program = await compiled;
  if (running >= MOST_AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
  else running += 1;
  try {
    return await start(program, plan, killAfterMs);
  } finally {
    const next = waiting.shift();
    if (next === undefined) running -= 1;
    else next();
  }
}

async function start(program: string, plan: BankPlan, killAfterMs: number | undefined): Promise<Ended> {
  const child = spawn(process.execPath, [program], {
    env: { BANK_PLAN: JSON.stringify(plan) },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: killAfterMs ?? 60_000,
    killSignal: "SIGKILL",
  });
  const startedAt = performance.now();
  const [stdout, stderr, [exitCode, signal]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close"),
  ]);
  const isTooLong = killAfterMs === undefined && performance.now() - startedAt >= 60_000;
  if (isTooLong || (exitCode !== 0 && signal !== "SIGKILL")) {
    throw new Error(`The process of the bank ended with ${exitCode ?? signal}: ${stderr}\n${JSON.stringify(plan)}`);
  }
  // The last line is incomplete if the process was killed while it wrote it.
  const lines = stdout.split("\n").slice(0, -1);
  return { wasKilled: signal === "SIGKILL", results: lines.map((line) => JSON.parse(line)) };
}
