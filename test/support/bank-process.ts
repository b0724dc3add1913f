import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { ActResult, BankLine, BankPlan } from "./bank-plan.js";
import { root } from "./pages.js";

/** How many processes of the bank run at the same time in this test process. */
const MAX_RUNNING = 3;

/** How long a process may run, in milliseconds. */
const MAX_RUN_MS = 120_000;

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

/** What happens to a process of the bank from outside. */
export interface Circumstances {
  /** Kills the process this long after its start, in milliseconds, if it still runs. */
  readonly killAfterMs?: number | undefined;
  /** Called while the process is frozen. Returns how far its clock moves meanwhile, in milliseconds. */
  readonly whileFrozen?: (() => Promise<number>) | undefined;
}

/** Runs a process of the bank until it ends or is killed, for at most 2 minutes. */
export async function runBank(plan: BankPlan, { killAfterMs, whileFrozen }: Circumstances = {}): Promise<EndedProcess> {
  compiledBank ??= compileBank();
  const program = await compiledBank;
  await waitForTurn();
  const child = spawn(process.execPath, [program], {
    env: { BANK_PLAN: JSON.stringify(plan) },
    stdio: ["pipe", "pipe", "pipe"],
  });
  let isOverdue = false;
  const limit = setTimeout(() => {
    isOverdue = killAfterMs === undefined;
    child.kill("SIGKILL");
  }, killAfterMs ?? MAX_RUN_MS);
  // The process may be killed before it reads what is written.
  child.stdin.on("error", () => {});
  const results: ActResult[] = [];
  const readResults = async () => {
    // The last line is incomplete if the process was killed while it wrote it.
    for await (const text of readCompleteLines(child.stdout)) {
      const line: BankLine = JSON.parse(text);
      if ("isFrozen" in line) child.stdin.write(`${await letOthersRun(async () => whileFrozen?.() ?? 0)}\n`);
      else results.push(line);
    }
  };
  try {
    const [[exitCode, signal], stderr] = await Promise.all([once(child, "close"), text(child.stderr), readResults()]);
    const wasKilled = signal === "SIGKILL";
    if (wasKilled ? isOverdue : exitCode !== 0) {
      const end = wasKilled ? "took too long" : `ended with ${exitCode ?? signal}`;
      throw new Error(`The process of the bank ${end}: ${stderr}\n${JSON.stringify(plan)}`);
    }
    return { wasKilled, results };
  } finally {
    clearTimeout(limit);
    child.kill("SIGKILL");
    endTurn();
  }
}

async function* readCompleteLines(stream: NodeJS.ReadableStream): AsyncGenerator<string> {
  let rest = "";
  for await (const chunk of stream) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
}

/** Waits until another process may run. */
async function waitForTurn(): Promise<void> {
  if (running >= MAX_RUNNING) await new Promise<void>((resolve) => waiting.push(resolve));
  else running += 1;
}

function endTurn(): void {
  const next = waiting.shift();
  if (next === undefined) running -= 1;
  else next();
}

/** Lets other processes run during the work: a frozen process does not count. */
async function letOthersRun<T>(work: () => Promise<T>): Promise<T> {
  endTurn();
  try {
    return await work();
  } finally {
    await waitForTurn();
  }
}
