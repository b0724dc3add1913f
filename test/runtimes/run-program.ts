import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const LIMIT_MS = 60_000;

/** Runs a program, by the path or URL of its file, under a runtime, and reads the JSON that it prints. */
export async function runProgram(
  runtime: string,
  options: readonly string[],
  program: URL,
  ...args: readonly string[]
): Promise<unknown> {
  const { stdout } = await promisify(execFile)(runtime, [...options, fileURLToPath(program), ...args], {
    timeout: LIMIT_MS,
    maxBuffer: 16 * 1024 * 1024,
  });
  return JSON.parse(stdout);
}
