import { type ParseArgsConfig, parseArgs } from "node:util";
import { KioskArgumentError } from "../errors/argument-error.js";
import { likelyMatch } from "../text/nearest-match.js";
import { printable } from "../text/printable.js";
import { SHORTEST_SECRET } from "../text/shortest-secret.js";
import type { Command } from "./definition/command.js";
import { COMMON_OPTIONS, OPTIONS, type OptionName, type OptionValues, optionDefinition } from "./definition/options.js";
import { formatUsage } from "./help.js";

/** What a command line asks for. No message of an error in it quotes a value or an unknown name, because that may be a token. */
export type CommandLine =
  | { readonly kind: "version" }
  | { readonly kind: "help"; readonly command: Command | undefined }
  | {
      readonly kind: "run";
      readonly command: Command;
      readonly parameters: readonly string[];
      readonly options: OptionValues;
    };

/** An option as it was given. */
interface GivenOption {
  readonly name: string;
  readonly rawName: string;
  readonly value?: string | undefined;
  readonly inlineValue?: boolean | undefined;
}

const OPTION_NAMES = Object.keys(OPTIONS) as OptionName[];

/** The options that need no command, and that every command accepts. */
const PROGRAM_OPTIONS: readonly OptionName[] = [...COMMON_OPTIONS, "version"];

/** For `parseArgs`. The checks below are stricter than its own, and their messages name the nearest option. */
const PARSED: NonNullable<ParseArgsConfig["options"]> = Object.fromEntries(
  OPTION_NAMES.map((name) => [name, { type: optionDefinition(name).value === undefined ? "boolean" : "string" }]),
);

const DEFAULT_TOKEN_VARIABLE = "WISE_API_TOKEN";

/** Names that people try for an access token, and misspell; not those of a file that holds one. */
const TOKEN_OPTION = /^(?!.*-f).*(tok|bearer)/i;

const TOKEN_REASON =
  "is refused: every user of this machine can read the command line in the process list, and the shell keeps it in its history";

/**
 * Parses the arguments of the program.
 *
 * @throws {KioskArgumentError} if the command, an option or the number of parameters is wrong.
 */
export function parseCommandLine(args: readonly string[], commands: readonly Command[]): CommandLine {
  const { tokens } = parseArgs({
    args: [...args],
    options: { ...PARSED, help: { type: "boolean", short: "h" } },
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const given = tokens.filter((token) => token.kind === "option");
  const [name, ...parameters] = tokens.flatMap((token) => (token.kind === "positional" ? token.value : []));
  const command = commands.find((one) => one.name === name);
  const options = toOptionValues(
    given,
    command === undefined ? OPTION_NAMES : [...command.options, ...PROGRAM_OPTIONS],
    command?.tokenVariable ?? DEFAULT_TOKEN_VARIABLE,
  );
  if (name !== undefined && command === undefined) throw unknownCommand(name, commands);
  if (options.help) return { kind: "help", command };
  if (options.version) return { kind: "version" };
  if (command === undefined) throw new KioskArgumentError("COMMAND", `is missing: ${listed(commands)}`);
  checkParameters(command, parameters);
  return { kind: "run", command, parameters, options };
}

/** Returns whether results and errors are JSON, even if the rest of the command line is wrong. */
export function isJsonRequested(args: readonly string[]): boolean {
  const end = args.indexOf("--");
  return args.slice(0, end === -1 ? args.length : end).some((arg) => /^--json(=|$)/.test(arg));
}

function unknownCommand(name: string, commands: readonly Command[]): KioskArgumentError {
  const names = commands.map((command) => command.name);
  const match = likelyMatch(name, names);
  const advice = match === undefined ? `: ${listed(commands)}` : `. Did you mean ${match}?`;
  return new KioskArgumentError("COMMAND", `does not exist${advice}`);
}

function listed(commands: readonly Command[]): string {
  return `the commands are ${commands.map(({ name }) => name).join(", ")}. wise-card-kiosk --help describes them`;
}

function toOptionValues(
  given: readonly GivenOption[],
  allowed: readonly OptionName[],
  tokenVariable: string,
): OptionValues {
  for (const option of given) checkName(option, allowed, tokenVariable);
  const values = OPTION_NAMES.map((name) => [name, toOptionValue(name, given)] as const);
  return Object.fromEntries(values) as unknown as OptionValues;
}

function checkName({ name, rawName }: GivenOption, allowed: readonly OptionName[], tokenVariable: string): void {
  if (allowed.some((known) => known === name)) return;
  // Not the name as it was given: in --tokenSECRET, the name contains the token.
  if (TOKEN_OPTION.test(name)) {
    throw new KioskArgumentError(
      "--token",
      `${TOKEN_REASON}. Set ${tokenVariable}, or use --token-file FILE (- is stdin)`,
    );
  }
  const match = likelyMatch(name, allowed);
  const all = allowed.map((known) => `--${known}`).join(", ");
  const advice = match === undefined ? `: the options are ${all}` : `. Did you mean --${match}?`;
  throw isSafeToShow(name, match)
    ? new KioskArgumentError(printable(rawName), `is not a known option of this command${advice}`)
    : new KioskArgumentError("OPTION", `does not exist${advice}`);
}

/**
 * Returns whether the unknown name of an option cannot hold a token: it is too short, an option of another command, or hardly
 * longer than the option that it resembles.
 */
function isSafeToShow(name: string, match: string | undefined): boolean {
  const isAlmostMatch = match !== undefined && name.length <= match.length + 2;
  return name.length < SHORTEST_SECRET || isAlmostMatch || OPTION_NAMES.some((known) => known === name);
}

function toOptionValue(name: OptionName, given: readonly GivenOption[]): string | boolean | undefined | string[] {
  const { value, isRepeatable } = optionDefinition(name);
  const found = given.filter((option) => option.name === name);
  if (found.length > 1 && value !== undefined && isRepeatable !== true) {
    throw new KioskArgumentError(`--${name}`, "must be given only once");
  }
  if (value === undefined) return toFlag(name, found);
  const values = found.map((option) => toOptionText(name, value, option));
  return isRepeatable === true ? values : values[0];
}

function toFlag(name: OptionName, found: readonly GivenOption[]): boolean {
  if (found.some(({ inlineValue }) => inlineValue)) throw new KioskArgumentError(`--${name}`, "takes no value");
  return found.length > 0;
}

/** A value that begins with a dash is more likely the next option, unless it follows `=` or is `-` for stdin. */
function toOptionText(name: OptionName, placeholder: string, { value, inlineValue }: GivenOption): string {
  const isNextOption = inlineValue !== true && value?.startsWith("-") === true && value !== "-";
  if (value !== undefined && value !== "" && !isNextOption) return value;
  throw new KioskArgumentError(`--${name}`, `needs a value: --${name} ${placeholder}`);
}

function checkParameters(command: Command, values: readonly string[]): void {
  const missing = command.parameters[values.length];
  if (missing !== undefined) {
    throw new KioskArgumentError(missing.name, `is missing: ${formatUsage(command)}`);
  }
  if (values.length > command.parameters.length) {
    throw new KioskArgumentError(command.name, `takes fewer arguments: ${formatUsage(command)}`);
  }
}
