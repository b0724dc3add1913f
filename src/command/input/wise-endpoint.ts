import { type Environment, isEnvironment } from "../../arguments/environment.js";
import { KioskArgumentError } from "../../errors/argument-error.js";
import { parseBaseUrl } from "../../options/base-url.js";
import type { EndpointOptions } from "../../options/endpoint-options.js";
import { likelyMatch } from "../../text/nearest-match.js";
import { OPTIONS, type OptionValues } from "../definition/options.js";
import type { ProgramIo } from "../definition/program-io.js";

/** A setting, and the option or variable that it comes from. */
interface Setting {
  readonly source: string;
  readonly value: string;
}

const BASE_URL_VARIABLE = "WISE_BASE_URL";

/**
 * Returns where requests go. An option takes precedence over its environment variable, and a base URL over the environment.
 *
 * @throws {KioskArgumentError} if neither is given, one is not valid, or a variable would take precedence over an option.
 */
export function parseWiseEndpoint(options: OptionValues, env: ProgramIo["env"]): EndpointOptions {
  const environment = parseWiseEnvironment(options, env);
  const baseUrl = findSetting("--base-url", options["base-url"], BASE_URL_VARIABLE, env);
  if (options.environment !== undefined && baseUrl?.source === BASE_URL_VARIABLE) {
    throw new KioskArgumentError(
      "--environment",
      `cannot be combined with the variable ${BASE_URL_VARIABLE}, which takes precedence over the environment. ` +
        `Pass --base-url as well, or unset ${BASE_URL_VARIABLE}`,
    );
  }
  if (baseUrl !== undefined) return { environment, baseUrl: checkBaseUrl(baseUrl) } as EndpointOptions;
  if (environment !== undefined) return { environment };
  throw new KioskArgumentError(
    "--environment",
    "must be sandbox or production (there is no default) unless --base-url is given; or set WISE_ENVIRONMENT or WISE_BASE_URL",
  );
}

/**
 * Returns the Wise environment; `undefined` if none is given.
 *
 * @throws {KioskArgumentError} if it is not one.
 */
export function parseWiseEnvironment(options: OptionValues, env: ProgramIo["env"]): Environment | undefined {
  const environment = findSetting("--environment", options.environment, "WISE_ENVIRONMENT", env);
  if (environment === undefined) return undefined;
  const { source, value } = environment;
  if (isEnvironment(value)) return value;
  const match = likelyMatch(value, OPTIONS.environment.choices);
  // It does not quote the value, which may be a token in the wrong variable.
  throw new KioskArgumentError(
    source,
    `must be sandbox or production${match === undefined ? "" : `. Did you mean ${match}?`}`,
  );
}

/**
 * Whitespace around a value is ignored, such as the end of a line from Windows. An environment variable that is set to nothing is
 * not set.
 */
function findSetting(
  option: string,
  given: string | undefined,
  variable: string,
  env: ProgramIo["env"],
): Setting | undefined {
  if (given !== undefined) return { source: option, value: given.trim() };
  const value = env[variable]?.trim() ?? "";
  return value === "" ? undefined : { source: variable, value };
}

function checkBaseUrl({ source, value }: Setting): string {
  try {
    parseBaseUrl(value, false);
    return value;
  } catch {
    throw new KioskArgumentError(
      source,
      "must be an https URL without user name, password, query and fragment, such as https://gateway.example/wise. Only to " +
        "loopback may it be http, because the network could read the token",
    );
  }
}
