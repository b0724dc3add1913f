import { expect, it } from "vitest";
import { COMMANDS } from "../../src/command/commands.js";
import { bashCompletion } from "../../src/command/completion/bash-completion.js";
import { fishCompletion } from "../../src/command/completion/fish-completion.js";
import { zshCompletion } from "../../src/command/completion/zsh-completion.js";
import type { Command } from "../../src/command/definition/command.js";
import { OPTIONS } from "../../src/command/definition/options.js";
import { parseLines, runCommand } from "../support/command-program.js";

/** Has every kind of option and parameter. */
const LOAD: Command = {
  name: "load",
  summary: "Loads the kiosk's \\ cards",
  details: [],
  parameters: [{ name: "A:B" }, { name: "SIDE", choices: ["left", "right"] }, { name: "LIST", isFile: true }],
  options: ["environment", "token-file", "card", "wait"],
  run: async () => 0,
};

/** Has an option of the other command, and none of its own. */
const STOP: Command = { name: "stop", summary: "Stops", details: [], parameters: [], options: ["card"], run: LOAD.run };

const SMALL = [LOAD, STOP];

const linesOf = (script: string) => script.split("\n").map((line) => line.trim());

it("the script for bash offers the words of each option, parameter and command", () => {
  const reply = (words: string) => `COMPREPLY=($(compgen -W "${words}" -- "$current"))`;
  const common = new Set(linesOf(bashCompletion([])));
  const added = linesOf(bashCompletion(SMALL)).filter((line) => !common.has(line));
  expect(added).toEqual([
    `--environment|--token-file|--card) at=$((at + 1)); [ "\${COMP_WORDS[at]}" = "=" ] && at=$((at + 1)) ;;`,
    `--environment) ${reply("sandbox production")}; return ;;`,
    "--environment|--token-file|--card) return ;;",
    `:*) ${reply("load stop --json --help --version")} ;;`,
    `load:1) ${reply("left right")} ;;`,
    `load) ${reply("--environment --token-file --card --wait --json --help")} ;;`,
    `stop) ${reply("--card --json --help")} ;;`,
  ]);
});

it("the script for zsh describes each command, and specifies each option and parameter", () => {
  const { environment, json, help, version, wait, card } = OPTIONS;
  const common = `'--json[${json.summary}]' '--help[${help.summary}]'`;
  const escaped = environment.summary.replace("'", "'\\''");
  const file = OPTIONS["token-file"];
  expect(linesOf(zshCompletion(SMALL)).filter((line) => /load|stop|_arguments/.test(line))).toEqual([
    "'load:Loads the kiosk'\\''s \\ cards'",
    "'stop:Stops'",
    `_arguments -C '--version[${version.summary}]' ${common} '1: :->command' '*:: :->argument'`,
    `load) _arguments '--environment=[${escaped}]:NAME:(sandbox production)' ` +
      `'--token-file=[${file.summary}]:FILE:_files' '*--card=[${card.summary}]:PROFILE\\:TOKEN: ' ` +
      `'--wait[${wait.summary}]' ${common} '1:A\\:B: ' '2:SIDE:(left right)' '3:LIST:_files' ;;`,
    `stop) _arguments '*--card=[${card.summary}]:PROFILE\\:TOKEN: ' ${common} ;;`,
  ]);
});

it("the script for fish has a line for each command, option and parameter that it completes", () => {
  const { environment, json, help, version, wait, card } = OPTIONS;
  const first = "complete -c wise-card-kiosk -n '__wise_card_kiosk_at'";
  const load = "complete -c wise-card-kiosk -n '__wise_card_kiosk_at load'";
  const stop = "complete -c wise-card-kiosk -n '__wise_card_kiosk_at stop'";
  const escaped = environment.summary.replace("'", "\\'");
  expect(fishCompletion(SMALL).split("\nend\n")[1]?.split("\n")).toEqual([
    "complete -c wise-card-kiosk -f",
    `${first} -a load -d 'Loads the kiosk\\'s \\\\ cards'`,
    `${first} -a stop -d 'Stops'`,
    `${first} -l version -d '${version.summary}'`,
    `${first} -l json -d '${json.summary}'`,
    `${first} -l help -d '${help.summary}'`,
    `${load} -l environment -r -f -a 'sandbox production' -d '${escaped}'`,
    `${load} -l token-file -r -F -d '${OPTIONS["token-file"].summary}'`,
    `${load} -l card -r -f -d '${card.summary}'`,
    `${load} -l wait -d '${wait.summary}'`,
    `${load} -l json -d '${json.summary}'`,
    `${load} -l help -d '${help.summary}'`,
    "complete -c wise-card-kiosk -n '__wise_card_kiosk_at load 2' -f -a 'left right'",
    "complete -c wise-card-kiosk -n '__wise_card_kiosk_at load 3' -F",
    `${stop} -l card -r -f -d '${card.summary}'`,
    `${stop} -l json -d '${json.summary}'`,
    `${stop} -l help -d '${help.summary}'`,
    "",
  ]);
});

it("the script for fish finds the command without the values of options, and counts the words after it", () => {
  expect(fishCompletion(SMALL)).toMatch(
    new RegExp(
      [
        "function __wise_card_kiosk_at",
        "set -l words \\(commandline -opc\\)",
        "case --environment --token-file --card\\n +set -e words\\[1\\]\\n",
        "case '-\\*'\\n",
        "case '\\*'\\n +set -a given \\$words\\[1\\]\\n",
        'test "\\$given\\[1\\]" = "\\$argv\\[1\\]"; or return\\n',
        "test \\(count \\$given\\) -eq \\$argv\\[2\\]\\nend\\n",
      ].join("[^]*"),
    ),
  );
});

it.each([
  ["bash", bashCompletion],
  ["zsh", zshCompletion],
  ["fish", fishCompletion],
])("completion prints the script for %s, with --json in an object", async (shell, create) => {
  const script = create(COMMANDS);
  expect(await runCommand(["completion", shell])).toEqual({ exitCode: 0, stdout: script, stderr: "" });
  const { stdout } = await runCommand(["completion", shell, "--json"]);
  expect(parseLines(stdout)).toEqual([{ shell, script }]);
});
