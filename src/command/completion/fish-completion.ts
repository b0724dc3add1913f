import type { Command, Parameter } from "../definition/command.js";
import { type CompletedOption, completedOptions, completionFor } from "./completed-words.js";

/** Returns the script that completes the program in fish. */
export function fishCompletion(commands: readonly Command[]): string {
  return `${[
    "complete -c wise-card-kiosk -f",
    ...commands.map(({ name, summary }) => line("__fish_use_subcommand", `-a ${name} -d ${quoteForFish(summary)}`)),
    line("__fish_use_subcommand", "-l version -d 'Print the version'"),
    ...commands.flatMap(completeCommand),
  ].join("\n")}\n`;
}

function completeCommand(command: Command): string[] {
  const condition = `__fish_seen_subcommand_from ${command.name}`;
  const options = completedOptions(command).map(toOptionFlags);
  return [...options, ...command.parameters.flatMap(toParameterFlags)].map((flags) => line(condition, flags));
}

function toOptionFlags(option: CompletedOption): string {
  const { name, value, summary } = option;
  return [
    `-l ${name}`,
    ...(value === undefined ? [] : ["-r", toValueFlags(option)]),
    `-d ${quoteForFish(summary)}`,
  ].join(" ");
}

function toParameterFlags(parameter: Parameter): string[] {
  const completion = completionFor(parameter);
  return completion === "file" || completion.length > 0 ? [toValueFlags(parameter)] : [];
}

function toValueFlags(completed: CompletedOption | Parameter): string {
  const completion = completionFor(completed);
  if (completion === "file") return "-F";
  return completion.length === 0 ? "-f" : `-f -a ${quoteForFish(completion.join(" "))}`;
}

function line(condition: string, flags: string): string {
  return `complete -c wise-card-kiosk -n ${quoteForFish(condition)} ${flags}`;
}

function quoteForFish(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
