import type { Command, Parameter } from "../definition/command.js";
import { type CompletedOption, completedOptions, completionFor, optionsWithValue, PROGRAM } from "./completed-words.js";

/** Not even a file. The first line of the script says so for all. */
const NOTHING = "-f";

/** Returns the script that completes the program in fish 3 and later. */
export function fishCompletion(commands: readonly Command[]): string {
  const patterns = optionsWithValue(commands).map(({ name }) => `--${name}`);
  return `# Succeeds if no command is typed yet. With a command, only after it; with a number too, only after that many words without options.
function __wise_card_kiosk_at
  set -l words (commandline -opc)
  set -e words[1]
  set -l given
  while set -q words[1]
    switch $words[1]
      case ${patterns.join(" ")}
        set -e words[1]
      case '-*'
      case '*'
        set -a given $words[1]
    end
    set -e words[1]
  end
  test "$given[1]" = "$argv[1]"; or return
  not set -q argv[2]; or test (count $given) -eq $argv[2]
end
${[
  `complete -c wise-card-kiosk ${NOTHING}`,
  ...commands.map(({ name, summary }) => line("", `-a ${name} -d ${quoteForFish(summary)}`)),
  ...completedOptions(PROGRAM).map((option) => line("", toOptionFlags(option))),
  ...commands.flatMap(completeCommand),
].join("\n")}
`;
}

function completeCommand({ name, options, parameters }: Command): string[] {
  return [
    ...completedOptions({ options }).map((option) => line(` ${name}`, toOptionFlags(option))),
    ...parameters.flatMap((parameter, at) => {
      const flags = toValueFlags(parameter);
      // The command is the first of the words.
      return flags === NOTHING ? [] : line(` ${name} ${at + 1}`, flags);
    }),
  ];
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

/** @param words what the words before the cursor must be, as arguments of the function in the script. */
function line(words: string, flags: string): string {
  return `complete -c wise-card-kiosk -n '__wise_card_kiosk_at${words}' ${flags}`;
}

function quoteForFish(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
