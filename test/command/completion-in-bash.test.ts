import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { afterAll, beforeAll, expect, it } from "vitest";
import { PRODUCTION_ERROR_CODES, REQUEST_ERROR_CODES } from "wise-card-kiosk";
import { COMMANDS } from "../../src/command/commands.js";
import { runCommand } from "../support/command-program.js";

const folder = mkdtempSync(`${tmpdir()}/completion-`);
/** With slashes, also on Windows: bash takes a backslash for an escape. */
const scriptFile = `${folder.replaceAll("\\", "/")}/completion.bash`;

beforeAll(async () => {
  const { stdout, exitCode } = await runCommand(["completion", "bash"]);
  expect(exitCode).toBe(0);
  writeFileSync(scriptFile, stdout);
});

afterAll(() => rmSync(folder, { recursive: true }));

/** Returns what bash offers for the last of the words, which are split as bash splits them. */
function complete(...words: readonly string[]): string[] {
  const program = `
    source "${scriptFile}"
    function="$(complete -p wise-card-kiosk)"; function="\${function##*-F }"; function="\${function%% *}"
    COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
    "$function"; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const args = ["--noprofile", "--norc", "-c", program, "bash", "wise-card-kiosk", ...words];
  return execFileSync("bash", args, { encoding: "utf8" })
    .split("\n")
    .filter((line) => line !== "");
}

const NAMES = COMMANDS.map(({ name }) => name);
const CALL = ["--environment", "--base-url", "--token-file"];

it.each<readonly [string, readonly string[], readonly string[]]>([
  ["nothing for a command that does not exist", ["print", ""], []],
  ["nothing for a card", ["status", ""], []],
  ["nothing for a value that has no list", ["status", "--base-url", ""], []],
  ["nothing after all parameters", ["explain", "PRD_HOPPER_JAM", ""], []],
  ["every command", [""], [...NAMES, "--json", "--help", "--version"]],
  ["the commands that begin so", ["s"], ["sandbox", "status", "simulate"]],
  ["the options of a command", ["status", "--"], [...CALL, "--json", "--help"]],
  ["the options between parameters", ["produce", "1", ":", "ca0c", "--w"], ["--wait"]],
  ["the environments", ["status", "--environment", ""], ["sandbox", "production"]],
  ["the environments after an equals sign", ["status", "--environment", "="], ["sandbox", "production"]],
  ["the environments after an equals sign and a letter", ["status", "--environment", "=", "p"], ["production"]],
  ["the codes of explain", ["explain", "PRD_HOPPER"], ["PRD_HOPPER_FULL", "PRD_HOPPER_DOOR", "PRD_HOPPER_JAM"]],
  ["the ends of simulate after the card", ["simulate", "1", ":", "ca0c", "PRODUC"], ["PRODUCED"]],
  [
    "the ends of simulate after an option",
    ["simulate", "--base-url", "=", "x", "1", ":", "a", "PRT_COVER"],
    ["PRT_COVER_OPEN"],
  ],
  ["the commands after an option", ["--json", "comp"], ["completion"]],
  ["the shells", ["completion", ""], ["bash", "zsh", "fish"]],
])("bash completes %s", (_, words, offered) => {
  expect(complete(...words)).toEqual(offered);
});

it("bash offers all error codes to explain", () => {
  expect(new Set(complete("explain", ""))).toEqual(new Set([...REQUEST_ERROR_CODES, ...PRODUCTION_ERROR_CODES]));
});

it("bash completes file names if the script offers nothing", () => {
  const shown = execFileSync("bash", ["--norc", "-c", `source "${scriptFile}"; complete -p`], { encoding: "utf8" });
  expect(shown).toBe("complete -o default -F _wise_card_kiosk wise-card-kiosk\n");
});
