import type { Command } from "./definition/command.js";
import { COMMON_OPTIONS, type OptionName, optionDefinition } from "./definition/options.js";

const ENVIRONMENT_VARIABLES: readonly Row[] = [
  ["WISE_API_TOKEN", "The access token, unless --token-file is given"],
  ["WISE_ENVIRONMENT", "sandbox or production, unless --environment is given"],
  ["WISE_BASE_URL", "A gateway or simulator, unless --base-url is given"],
  ["WISE_SANDBOX_TOKEN", "The token of the sandbox, unless --token-file is given"],
];

const EXIT_CODES: readonly Row[] = [
  ["0", "Done"],
  ["1", "Wise or the kiosk refused or failed, or the signature does not match"],
  ["2", "Wrong use: nothing was sent"],
  ["3", "Wise was not reached, or the outcome is unknown"],
  ["4", "Not authorised"],
];

type Row = readonly [term: string, explanation: string];

/** Returns the help of the program. */
export function formatProgramHelp(commands: readonly Command[]): string {
  return [
    "Usage: wise-card-kiosk COMMAND [OPTIONS]",
    "Prints Wise cards at kiosks, and simulates Wise for people and for programs.",
    section(
      "Commands",
      commands.map(({ name, summary }) => [name, summary]),
    ),
    section("Options", toRows([...COMMON_OPTIONS, "version"])),
    section("Environment variables", ENVIRONMENT_VARIABLES),
    section("Exit codes", EXIT_CODES),
    "wise-card-kiosk COMMAND --help describes a command.",
  ].join("\n\n");
}

/** Returns the help of a command. */
export function formatCommandHelp(command: Command): string {
  return [
    `Usage: ${formatUsage(command)}`,
    [`${command.summary}.`, ...command.details].join("\n"),
    section("Options", toRows([...command.options, ...COMMON_OPTIONS])),
  ].join("\n\n");
}

/** Returns how to type a command, such as `wise-card-kiosk status PROFILE:TOKEN [OPTIONS]`. */
export function formatUsage({ name, parameters }: Command): string {
  return ["wise-card-kiosk", name, ...parameters.map((parameter) => parameter.name), "[OPTIONS]"].join(" ");
}

function toRows(names: readonly OptionName[]): Row[] {
  return names.map((name) => {
    const { value, summary } = optionDefinition(name);
    return [`--${name}${value === undefined ? "" : ` ${value}`}`, summary];
  });
}

function section(title: string, rows: readonly Row[]): string {
  const width = Math.max(...rows.map(([term]) => term.length));
  return [`${title}:`, ...rows.map(([term, explanation]) => `  ${term.padEnd(width)}  ${explanation}`)].join("\n");
}
