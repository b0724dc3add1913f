import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { ENTRY_POINTS } from "./entry-points.js";

const rootPath = fileURLToPath(new URL("../..", import.meta.url));

/** Below `node_modules`, so that the compiled programs find the dependencies. */
const COMPILED = `${rootPath}node_modules/.cache/wise-card-kiosk/${process.pid}`;

process.once("exit", () => rmSync(COMPILED, { recursive: true, force: true }));

/** How a program ended, and what it printed. */
export interface Ended {
  /** `null` if a signal ended the program. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Options for starting a program. */
export interface Start {
  /** The arguments after the name of the program. */
  readonly args?: readonly string[];
  /** Environment variables in addition to the `PATH` of this process. */
  readonly env?: NodeJS.ProcessEnv;
  /** Modules to load first. */
  readonly imports?: readonly string[];
  /** Called with the process once it runs. */
  readonly onStart?: (child: ChildProcess) => void;
}

const compiled = new Map<string, Promise<string>>();

/** Compiles an example and the source that it imports, once, because compiling it for each run takes most of the time of a run. */
function compile(file: string): Promise<string> {
  const path = `${COMPILED}/${file.replace(/\.ts$/, ".mjs")}`;
  const known = compiled.get(file);
  if (known !== undefined) return known;
  const building = build({
    entryPoints: [`${rootPath}examples/${file}`],
    outfile: path,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    alias: Object.fromEntries(ENTRY_POINTS.map(({ specifier, source }) => [specifier, rootPath + source]).reverse()),
    external: ["undici", "zod", "jose", "msw", "@opentelemetry/*"],
  }).then(() => path);
  compiled.set(file, building);
  return building;
}

/** Runs an example to its end in its own process, as a user does. */
export async function runExample(file: string, { args = [], imports = [], ...start }: Start = {}): Promise<Ended> {
  const preload = imports.flatMap((module) => ["--import", module]);
  return runToEnd(process.execPath, [...preload, await compile(file), ...args], start);
}

/** Runs a program to its end in the root of the repository, for at most 60 seconds. */
export async function runToEnd(
  program: string,
  args: readonly string[],
  { env = {}, onStart }: Start = {},
): Promise<Ended> {
  const child = spawn(program, args, {
    cwd: rootPath,
    env: { PATH: process.env["PATH"], ...env },
    // There, npm is a script.
    shell: program === "npm" && process.platform === "win32",
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
