import { mustBe } from "../../arguments/found-value.js";
import { tokenFault } from "../../arguments/token-fault.js";
import type { OptionValues } from "../definition/options.js";
import type { ProgramIo } from "../definition/program-io.js";
import { readInput } from "./read-input.js";

/**
 * Reads a token from `--token-file`, or else from an environment variable. A byte order mark and whitespace at the end of the
 * file are ignored.
 *
 * @returns `undefined` if there is neither.
 * @throws {KioskArgumentError} if the file cannot be read, or the token cannot be sent. The error does not show the token.
 */
export async function readToken(options: OptionValues, variable: string, io: ProgramIo): Promise<string | undefined> {
  const file = options["token-file"];
  if (file !== undefined) {
    const content = await readInput("--token-file", file, io);
    return checkToken("--token-file", new TextDecoder().decode(content).trimEnd());
  }
  const value = io.env[variable];
  return value === undefined || value === "" ? undefined : checkToken(variable, value);
}

function checkToken(source: string, token: string): string {
  const fault = tokenFault(token);
  if (fault !== undefined) throw mustBe(source, "an access token", fault);
  return token;
}
