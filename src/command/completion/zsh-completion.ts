import type { Command, Parameter } from "../definition/command.js";
import { type CompletedOption, completedOptions, completionFor, PROGRAM } from "./completed-words.js";

/** Returns the script that completes the program in zsh. */
export function zshCompletion(commands: readonly Command[]): string {
  return `#compdef wise-card-kiosk
_wise_card_kiosk() {
  local curcontext="$curcontext" state line
  local -a commands
  commands=(
${commands.map(({ name, summary }) => `    ${quoteForZsh(`${name}:${summary}`)}`).join("\n")}
  )
  _arguments -C ${completedOptions(PROGRAM).map(toOptionSpec).join(" ")} '1: :->command' '*:: :->argument'
  case $state in
    command) _describe command commands ;;
    argument)
      case $line[1] in
${commands.map((command) => `        ${command.name}) _arguments ${specs(command).join(" ")} ;;`).join("\n")}
      esac ;;
  esac
}
compdef _wise_card_kiosk wise-card-kiosk
`;
}

function specs(command: Command): string[] {
  return [...completedOptions(command).map(toOptionSpec), ...command.parameters.map(toParameterSpec)];
}

function toOptionSpec(option: CompletedOption): string {
  const { name, value, isRepeatable, summary } = option;
  const begin = `${isRepeatable === true ? "*" : ""}--${name}${value === undefined ? "" : "="}[${summary}]`;
  return quoteForZsh(value === undefined ? begin : `${begin}:${escapeColons(value)}:${toAction(option)}`);
}

function toParameterSpec(parameter: Parameter, at: number): string {
  return quoteForZsh(`${at + 1}:${escapeColons(parameter.name)}:${toAction(parameter)}`);
}

function toAction(completed: CompletedOption | Parameter): string {
  const completion = completionFor(completed);
  if (completion === "file") return "_files";
  return completion.length === 0 ? " " : `(${completion.join(" ")})`;
}

function escapeColons(text: string): string {
  return text.replaceAll(":", "\\:");
}

function quoteForZsh(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
