import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** How a program ended, and what it printed. */
export interface Ended {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a program is started with beside its name. */
export interface Start {
  readonly args?: readonly string[];
  /** Instead of what this process has. */
  readonly env?: NodeJS.ProcessEnv;
  /** Modules to load first. */
  readonly imports?: readonly string[];
  /** Is given the process as soon as it runs. */
  readonly onStart?: (child: ChildProcess) => void;
}

/** Runs an example as a user does, in a process of its own, to its end. */
export async function runExample(file: string, { args = [], imports = [], ...start }: Start = {}): Promise<Ended> {
  const preload = ["tsx", ...imports].flatMap((module) => ["--import", module]);
  return run(process.execPath, [...preload, `examples/${file}`, ...args], start);
}

/** Runs a program at the root of the repository. */
export async function run(program: string, args: readonly string[], { env = {}, onStart }: Start = {}): Promise<Ended> {
  const child = spawn(program, args, {
    cwd: root,
    env: { PATH: process.env["PATH"], ...env },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: 60_000,
  });
  onStart?.(child);
  const [stdout, stderr, [exitCode]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close"),
  ]);
  return { exitCode, stdout, stderr };
}
