import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { consumer } from "./consumer.js";
import { copyFile } from "./copy-file.js";

const LIMIT_MS = 60_000;

/** Copies a program from the folder `programs` to where the package is installed, and returns its path. */
export function installProgram(name: string): string {
  const path = join(consumer().folder, "esm", name);
  copyFile(new URL(`../runtimes/programs/${name}`, import.meta.url), path);
  return path;
}

/**
 * Runs a program from the folder `programs` as a user of the package would, and returns the parsed JSON that it prints.
 *
 * @param command the runtime and its options.
 */
export async function runProgram(name: string, command: readonly string[], ...args: readonly string[]) {
  const [runtime = process.execPath, ...options] = command;
  const { stdout } = await promisify(execFile)(runtime, [...options, installProgram(name), ...args], {
    timeout: LIMIT_MS,
    cwd: join(consumer().folder, "esm"),
  });
  return JSON.parse(stdout) as unknown;
}
