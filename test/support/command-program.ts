import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { Ended } from "./run-example.js";

const repository = fileURLToPath(new URL("../..", import.meta.url));

/** How a use of the command line begins. */
export interface CommandStart {
  /** Environment variables in addition to the `PATH` of this process. */
  readonly env?: NodeJS.ProcessEnv | undefined;
  /** What the standard input contains. Default: nothing. */
  readonly input?: string | undefined;
  /** Called with the process once it runs. */
  readonly onStart?: ((child: ChildProcess) => void) | undefined;
}

let compiledProgram: Promise<string> | undefined;

/** Compiles the program of `src/command` once, and returns the path of its main file. */
export function compileCommand(): Promise<string> {
  compiledProgram ??= bundleProgram();
  return compiledProgram;
}

/** Below `node_modules`, so that the compiled program finds the dependencies. */
async function bundleProgram(): Promise<string> {
  const folder = mkdtempSync(`${repository}node_modules/.command-`);
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  await build({
    entryPoints: [`${repository}src/command/main.ts`],
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    splitting: true,
    platform: "node",
    format: "esm",
    target: "node20",
    external: ["undici", "zod", "jose"],
  });
  return `${folder}/main.mjs`;
}

/** Starts the command line in its own process, for at most 60 seconds. */
export async function startCommand(args: readonly string[], { env, input = "" }: CommandStart = {}) {
  const child = spawn(process.execPath, [await compileCommand(), ...args], {
    cwd: repository,
    env: { PATH: process.env["PATH"], ...env },
    stdio: ["pipe", "pipe", "pipe"],
    timeout: 60_000,
  });
  // A program that does not read its input may end before it is written.
  child.stdin.on("error", () => {}).end(input);
  return child;
}

/** Runs the command line to its end in its own process. */
export async function runCommand(args: readonly string[], start: CommandStart = {}): Promise<Ended> {
  const child = await startCommand(args, start);
  start.onStart?.(child);
  const ended = once(child, "close");
  const [stdout, stderr, [exitCode]] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { exitCode, stdout, stderr };
}

/** Returns the values of JSON lines. */
export function parseLines(stdout: string): Record<string, unknown>[] {
  return stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
}
