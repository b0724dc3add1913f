import { EventEmitter, once } from "node:events";
import { PassThrough, Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { Interruption } from "../../src/command/definition/program-io.js";
import { runCommandLine } from "../../src/command/run-command-line.js";
import type { CommandStart } from "./../support/command-program.js";

/** Instead of `test/support/command-program.ts`: the program runs in this process, because a mutant is active in no other. */
export { parseLines } from "./../support/command-program.js";

export async function compileCommand(): Promise<string> {
  return "src/command/main.ts";
}

/** What tests use of a child process. */
class Program extends EventEmitter {
  readonly stdout = new PassThrough();
  readonly stderr = new PassThrough();
  readonly #interruption = new AbortController();

  constructor(args: readonly string[], { env = {}, input = "" }: CommandStart) {
    super();
    const io = {
      stdout: this.stdout,
      stderr: this.stderr,
      stdin: Readable.from([Buffer.from(input)]),
      env: { PATH: process.env["PATH"], ...env },
      signal: this.#interruption.signal,
    };
    void runCommandLine(args, io).then(
      (exitCode) => this.#end(exitCode),
      () => this.#end(70),
    );
  }

  kill(signal: "SIGINT" | "SIGTERM"): void {
    this.#interruption.abort(new Interruption(signal));
  }

  #end(exitCode: number): void {
    this.stdout.end();
    this.stderr.end();
    this.emit("close", exitCode);
  }
}

export async function startCommand(args: readonly string[], start: CommandStart = {}): Promise<Program> {
  return new Program(args, start);
}

export async function runCommand(args: readonly string[], start: CommandStart = {}) {
  const child = await startCommand(args, start);
  start.onStart?.(child as never);
  const ended = once(child, "close");
  const [stdout, stderr, [exitCode]] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { exitCode, stdout, stderr };
}
