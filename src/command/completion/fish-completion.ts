import type { Command, Parameter } from "../definition/command.js";
import { type CompletedOption, completedOptions, completionFor } from "./completed-words.js";

/** Not even a file. */
const NOTHING = "-f";

/** Returns the script that completes the program in fish. */
export function fishCompletion(commands: readonly Command[]): string {
  return `${[
    `complete -c wise-card-kiosk ${NOTHING}`,
    ...commands.map(({ name, summary }) => line("__fish_use_subcommand", `-a ${name} -d ${quoteForFish(summary)}`)),
    line("__fish_use_subcommand", "-l version -d 'Print the version'"),
    ...commands.flatMap(completeCommand),
  ].join("\n")}\n`;
}

function completeCommand(command: Command): string[] {
  const condition = `__fish_seen_subcommand_from ${command.name}`;
  const options = completedOptions(command).map(toOptionFlags);
  // The first line of the script says already that nothing completes the others.
  const parameters = command.parameters.map(toValueFlags).filter((flags) => flags !== NOTHING);
  return [...options, ...parameters].map((flags) => line(condition, flags));
}

function toOptionFlags(option: CompletedOption): string {
  const { name, value, summary } = option;
  return [
    `-l ${name}`,
    ...(value === undefined ? [] : ["-r", toValueFlags(option)]),
    `-d ${quoteForFish(summary)}`,
  ].join(" ");
}

function toValueFlags(completed: CompletedOption | Parameter): string {
  const completion = completionFor(completed);
  if (completion === "file") return "-F";
  return completion.length === 0 ? NOTHING : `${NOTHING} -a ${quoteForFish(completion.join(" "))}`;
}

function line(condition: string, flags: string): string {
  return `complete -c wise-card-kiosk -n ${quoteForFish(condition)} ${flags}`;
}

function quoteForFish(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
