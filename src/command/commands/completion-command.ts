import { KioskArgumentError } from "../../errors/argument-error.js";
import { likelyMatch } from "../../text/nearest-match.js";
import { bashCompletion } from "../completion/bash-completion.js";
import { fishCompletion } from "../completion/fish-completion.js";
import { zshCompletion } from "../completion/zsh-completion.js";
import type { Command } from "../definition/command.js";
import { EXIT } from "../definition/exit-code.js";

const SCRIPTS: ReadonlyMap<string, (commands: readonly Command[]) => string> = new Map([
  ["bash", bashCompletion],
  ["zsh", zshCompletion],
  ["fish", fishCompletion],
]);

const SHELLS = [...SCRIPTS.keys()];

export const completionCommand: Command = {
  name: "completion",
  summary: "Prints a script that completes commands, options and codes",
  details: [
    "Load it at the start of the shell, if the program is installed globally:",
    '  bash  eval "$(wise-card-kiosk completion bash)" in ~/.bashrc',
    '  zsh   eval "$(wise-card-kiosk completion zsh)" in ~/.zshrc, after compinit',
    "  fish  wise-card-kiosk completion fish | source in ~/.config/fish/config.fish",
  ],
  parameters: [{ name: "SHELL", choices: SHELLS }],
  options: [],
  async run({ parameters, commands, results }) {
    const [shell = ""] = parameters;
    const script = SCRIPTS.get(shell)?.(commands);
    if (script === undefined) throw unknownShell(shell);
    results.write({ shell, script }, script.trimEnd());
    return EXIT.done;
  },
};

function unknownShell(shell: string): KioskArgumentError {
  const match = likelyMatch(shell, SHELLS);
  const advice = match === undefined ? "" : `. Did you mean ${match}?`;
  return new KioskArgumentError("SHELL", `must be bash, zsh or fish${advice}`);
}
