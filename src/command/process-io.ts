import { EXIT } from "./definition/exit-code.js";
import { BrokenPipe, Interruption, type ProgramIo } from "./definition/program-io.js";

/**
 * Returns what the program uses of this process. The first SIGINT and the first SIGTERM abort the signal, so that a command can
 * say what it knows; the second one of a kind ends the process.
 */
export function connectProcess(): ProgramIo {
  const { stdout, stderr, stdin, env } = process;
  const controller = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    process.once(name, () => controller.abort(new Interruption(name)));
  }
  stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") return controller.abort(new BrokenPipe("No one reads the output"));
    stderr.write(`wise-card-kiosk: The output cannot be written (${error.code}).\n`);
    process.exitCode = EXIT.unknown;
    controller.abort(error);
  });
  // A failure to write to stderr must not end the command.
  stderr.on("error", () => {});
  return { stdout, stderr, stdin, env, signal: controller.signal };
}
