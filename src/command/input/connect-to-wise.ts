import type { WiseKioskClient } from "../../client/wise-kiosk-client.js";
import { KioskArgumentError } from "../../errors/argument-error.js";
import type { Invocation } from "../definition/command.js";
import { readToken } from "./read-token.js";
import { parseWiseEndpoint } from "./wise-endpoint.js";

/**
 * Creates the client of a command.
 *
 * @throws {KioskArgumentError} if the environment, the base URL or the token is missing or not valid.
 */
export async function connectToWise({ options, io }: Invocation): Promise<WiseKioskClient> {
  const endpoint = parseWiseEndpoint(options, io.env);
  const token = await readToken(options, "WISE_API_TOKEN", io);
  if (token === undefined) {
    throw new KioskArgumentError(
      "WISE_API_TOKEN",
      "must be set to the access token, unless --token-file names a file that holds it (- is stdin)",
    );
  }
  // Commands that work offline start sooner without it.
  const client = await import("../../client/wise-kiosk-client.js");
  return new client.WiseKioskClient({ ...endpoint, token });
}
