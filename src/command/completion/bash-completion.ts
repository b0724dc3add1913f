import type { Command } from "../definition/command.js";
import { type Completion, completedOptions, completionFor, optionsWithValue } from "./completed-words.js";

/** Returns the script that completes the program in bash 3.2 and later. */
export function bashCompletion(commands: readonly Command[]): string {
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
      ${optionsWithValue(commands).map(flag).join("|")}) at=$((at + 1)); [ "\${COMP_WORDS[at]}" = "=" ] && at=$((at + 1)) ;;
      -*) ;;
      # Bash splits PROFILE:TOKEN at the colon.
      :) at=$((at + 1)) ;;
      *) if [ -z "$command" ]; then command="$word"; else count=$((count + 1)); fi ;;
    esac
    at=$((at + 1))
  done
  COMPREPLY=()
  case "$previous" in
${optionsWithValue(commands)
  .map((option) => `    ${flag(option)}) ${bashReply(completionFor(option))}; return ;;`)
  .join("\n")}
  esac
  case "$command:$count" in
    :*) ${bashReply([...commands.map(({ name }) => name), "--help", "--version", "--json"])} ;;
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

function completeParameters({ name, parameters }: Command): string[] {
  return parameters.map((parameter, at) => `    ${name}:${at}) ${bashReply(completionFor(parameter))} ;;`);
}

function flag({ name }: { readonly name: string }): string {
  return `--${name}`;
}

function bashReply(completion: Completion): string {
  // Without a reply, bash completes file names, because of `-o default`.
  if (completion === "file" || completion.length === 0) return ":";
  return `COMPREPLY=($(compgen -W "${completion.join(" ")}" -- "$current"))`;
}
