import type { OptionName, OptionValues } from "./options.js";
import type { ProgramIo } from "./program-io.js";
import type { ResultWriter } from "./result-writer.js";

/** A command of the program. */
export interface Command {
  /** What the user types. */
  readonly name: string;
  /** What it does, in one line. */
  readonly summary: string;
  /** What else `--help` says about it, in lines of at most 80 characters. */
  readonly details: readonly string[];
  /** Its parameters, all required, in their order. */
  readonly parameters: readonly Parameter[];
  /** Its options, besides those of every command. */
  readonly options: readonly OptionName[];
  /** The environment variable that may hold its token. Default: `WISE_API_TOKEN`. */
  readonly tokenVariable?: string;
  /**
   * Runs it.
   *
   * @returns the exit code.
   */
  run(invocation: Invocation): Promise<number>;
}

/** A required parameter of a command. */
export interface Parameter {
  /** What `--help` calls it. */
  readonly name: string;
  /** The values that it accepts. Default: any. */
  readonly choices?: readonly string[];
  /** Whether it is the path of a file. */
  readonly isFile?: true;
}

/** One use of a command. */
export interface Invocation {
  /** The values of the parameters, as many as the command has. */
  readonly parameters: readonly string[];
  readonly options: OptionValues;
  readonly io: ProgramIo;
  readonly results: ResultWriter;
  /** All commands, for those that describe the program. */
  readonly commands: readonly Command[];
}
