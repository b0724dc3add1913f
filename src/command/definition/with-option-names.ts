import { KioskArgumentError } from "../../errors/argument-error.js";

/** What the user calls each argument that comes from the command line; `undefined` if it does not come from there. */
export type OptionNaming = Readonly<Record<string, string | undefined>>;

/** Runs a part of a command. If it throws an error about an argument, the error names that argument as the user knows it. */
export async function withOptionNames<T>(naming: OptionNaming, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw toCommandLineError(error, naming);
  }
}

function toCommandLineError(error: unknown, naming: OptionNaming): unknown {
  if (!(error instanceof KioskArgumentError)) return error;
  const { argument, message } = error;
  const name = Object.hasOwn(naming, argument) ? naming[argument] : undefined;
  return name === undefined ? error : new KioskArgumentError(name, message.slice(argument.length + 1));
}
