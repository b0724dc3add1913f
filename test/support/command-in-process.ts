import { Readable } from "node:stream";
import type { ProgramIo } from "../../src/command/definition/program-io.js";
import { runCommandLine } from "../../src/command/run-command-line.js";
import type { Ended } from "./run-example.js";

/** Runs the command line in this process, with nothing but these environment variables and this standard input. */
export async function runInProcess(args: readonly string[], env: ProgramIo["env"] = {}, input = ""): Promise<Ended> {
  let stdout = "";
  let stderr = "";
  const exitCode = await runCommandLine(args, {
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
    stdin: Readable.from([Buffer.from(input)]),
    env,
    signal: new AbortController().signal,
  });
  return { exitCode, stdout, stderr };
}
