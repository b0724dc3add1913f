import type { Command } from "../definition/command.js";
import { type CompletedOption, completedOptions, optionsWithValue } from "./completed-words.js";

/**
 * Returns the script that completes the program in bash 3.2 and later. Without a reply of it, bash completes file names, because of
 * `-o default`.
 */
export function bashCompletion(commands: readonly Command[]): string {
  const options = optionsWithValue(commands);
  const patterns = options.map(flag).join("|");
  return `_wise_card_kiosk() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" command="" count=0 at=1 word
  # Bash splits --option=value at the equals sign.
  if [ "$current" = "=" ]; then
    current=""
  elif [ "$previous" = "=" ]; then
    previous="\${COMP_WORDS[COMP_CWORD-2]}"
  fi
  while [ "$at" -lt "$COMP_CWORD" ]; do
    word="\${COMP_WORDS[at]}"
    case "$word" in
      ${patterns}) at=$((at + 1)); [ "\${COMP_WORDS[at]}" = "=" ] && at=$((at + 1)) ;;
      -*) ;;
      # Bash splits PROFILE:TOKEN at the colon.
      :) at=$((at + 1)) ;;
      *) if [ -z "$command" ]; then command="$word"; else count=$((count + 1)); fi ;;
    esac
    at=$((at + 1))
  done
  COMPREPLY=()
  case "$previous" in
${options.flatMap(completeValue).join("\n")}
    ${patterns}) return ;;
  esac
  case "$command:$count" in
    :*) ${bashReply([...commands.map(({ name }) => name), "--json", "--help", "--version"])} ;;
${commands.flatMap(completeParameters).join("\n")}
  esac
  case "$current" in
    -*) case "$command" in
${commands.map((command) => `      ${command.name}) ${bashReply(completedOptions(command).map(flag))} ;;`).join("\n")}
    esac ;;
  esac
}
complete -o default -F _wise_card_kiosk wise-card-kiosk
`;
}

function completeValue({ name, choices }: CompletedOption): string[] {
  return choices === undefined ? [] : [`    --${name}) ${bashReply(choices)}; return ;;`];
}

function completeParameters({ name, parameters }: Command): string[] {
  return parameters.flatMap(({ choices }, at) =>
    choices === undefined ? [] : `    ${name}:${at}) ${bashReply(choices)} ;;`,
  );
}

function flag({ name }: { readonly name: string }): string {
  return `--${name}`;
}

function bashReply(words: readonly string[]): string {
  return `COMPREPLY=($(compgen -W "${words.join(" ")}" -- "$current"))`;
}
