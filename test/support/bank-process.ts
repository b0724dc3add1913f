import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { ActResult, BankPlan } from "./bank-plan.js";
import { root } from "./pages.js";

/** How many processes of the bank run at the same time in this test process. */
const MAX_RUNNING = 3;

let running = 0;
const waiting: (() => void)[] = [];

let compiledBank: Promise<string> | undefined;

/** How a process of the bank ended. */
export interface EndedProcess {
  readonly wasKilled: boolean;
  /** The results of its actions, in their order, as far as it got. */
  readonly results: readonly ActResult[];
}

/** Compiles the program once, with everything that it imports: a process then starts in a third of the time. */
async function compileBank(): Promise<string> {
  const folder = mkdtempSync(`${tmpdir()}/bank-`);
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  await build({
    absWorkingDir: fileURLToPath(root),
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
 * @param killAfterMs kills the process this long after its start, if it still runs.
 */
export async function runBank(plan: BankPlan, killAfterMs?: number): Promise<EndedProcess> {
  compiledBank ??= compileBank();
  const program = await compiledBank;
  if (running >= MAX_RUNNING) await new Promise<void>((resolve) => waiting.push(resolve));
  else running += 1;
  try {
    return await startBank(program, plan, killAfterMs);
  } finally {
    const next = waiting.shift();
    if (next === undefined) running -= 1;
    else next();
  }
}

async function startBank(program: string, plan: BankPlan, killAfterMs: number | undefined): Promise<EndedProcess> {
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
