import type { Command, Parameter } from "../definition/command.js";
import { COMMON_OPTIONS, type OptionDefinition, type OptionName, optionDefinition } from "../definition/options.js";

/** An option with its name, as a completion script needs it. */
export interface CompletedOption extends OptionDefinition {
  readonly name: OptionName;
}

/** What the program accepts without a command, besides the options of every command. */
export const PROGRAM: Pick<Command, "options"> = { options: ["version"] };

/** Returns the options that a command accepts. */
export function completedOptions({ options }: Pick<Command, "options">): CompletedOption[] {
  return [...options, ...COMMON_OPTIONS].map((name) => ({ name, ...optionDefinition(name) }));
}

/** Returns every option of any command that takes a value. */
export function optionsWithValue(commands: readonly Command[]): CompletedOption[] {
  const options = commands.flatMap(completedOptions).filter(({ value }) => value !== undefined);
  return [...new Map(options.map((option) => [option.name, option])).values()];
}

/** What can complete a value: the words to choose from, a file, or nothing. */
export type Completion = readonly string[] | "file";

/** Returns what can complete the value of an option or parameter. */
export function completionFor({ choices = [], isFile }: OptionDefinition | Parameter): Completion {
  return isFile === true ? "file" : choices;
}
