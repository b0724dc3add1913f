import type { Environment } from "../arguments/environment.js";
import { parseFunction } from "../arguments/parse-function.js";
import { parseOptions } from "../arguments/parse-options.js";
import type { OnExchange } from "../calls/exchange.js";
import { parseApiVersion } from "../options/api-version.js";
import type { BaseUrl } from "../options/base-url.js";
import { type CallLimits, parseCallLimits } from "../options/call-limits.js";
import { parseEndpoint } from "../options/endpoint-options.js";
import { parseToken } from "../options/option-values.js";
import { parseSendingOptions, type SendingSettings } from "../options/sending-options.js";
import type { TokenProvider } from "../tokens/token-provider.js";
import { CLIENT_OPTION_NAMES, type WiseKioskClientOptions } from "./client-options.js";
import { createRoutes, type Routes } from "./routes.js";

/** The validated options of a client, with their defaults. */
export interface ClientSettings extends CallLimits {
  /** `undefined` if only a `baseUrl` was passed. */
  readonly environment: Environment | undefined;
  readonly baseUrl: BaseUrl;
  readonly routes: Routes;
  readonly token: string | TokenProvider;
  /** What makes the connections. */
  readonly sending: SendingSettings;
  readonly onExchange: OnExchange | undefined;
}

/**
 * Validates the options of a client and adds the defaults.
 *
 * @throws {KioskArgumentError} if an option is unknown or invalid.
 */
export function parseClientOptions(given: WiseKioskClientOptions): ClientSettings {
  const options = parseOptions("options", given, CLIENT_OPTION_NAMES);
  const { environment, apiVersion = "legacy", token } = options;
  return {
    ...parseCallLimits(options),
    environment,
    baseUrl: parseEndpoint(options),
    routes: createRoutes(parseApiVersion(apiVersion)),
    token: parseToken(token),
    sending: parseSendingOptions(options),
    onExchange: parseFunction("onExchange", options.onExchange),
  };
}
