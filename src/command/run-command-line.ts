import { version } from "../../package.json";
import { toJsonLine } from "../text/json-line.js";
import { COMMANDS } from "./commands.js";
import { EXIT } from "./definition/exit-code.js";
import { BrokenPipe, type ProgramIo } from "./definition/program-io.js";
import { ResultWriter } from "./definition/result-writer.js";
import { toFailure } from "./failure.js";
import { formatCommandHelp, formatProgramHelp } from "./help.js";
import { isJsonRequested, parseCommandLine } from "./parse-command-line.js";

/**
 * Runs the program.
 *
 * @param args the arguments after its name.
 * @returns the exit code.
 */
export async function runCommandLine(args: readonly string[], io: ProgramIo): Promise<number> {
  const isJson = isJsonRequested(args);
  try {
    return await run(args, io, new ResultWriter(io.stdout, isJson));
  } catch (error) {
    const { exitCode, report, text } = toFailure(error);
    if (io.signal.reason instanceof BrokenPipe) return exitCode;
    if (isJson) io.stdout.write(toJsonLine(report));
    else io.stderr.write(`wise-card-kiosk: ${text}\n`);
    return exitCode;
  }
}

async function run(args: readonly string[], io: ProgramIo, results: ResultWriter): Promise<number> {
  const line = parseCommandLine(args, COMMANDS);
  switch (line.kind) {
    case "version":
      results.write({ version }, version);
      return EXIT.done;
    case "help": {
      const help = line.command === undefined ? formatProgramHelp(COMMANDS) : formatCommandHelp(line.command);
      results.write({ help }, help);
      return EXIT.done;
    }
    case "run":
      return line.command.run({ ...line, io, results, commands: COMMANDS });
  }
}
