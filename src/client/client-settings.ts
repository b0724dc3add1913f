import type { Environment } from "../arguments/environment.js";
import { parseOptions } from "../arguments/parse-options.js";
import type { OnExchange } from "../calls/exchange.js";
import type { BaseUrl } from "../options/base-url.js";
import { parseEndpoint } from "../options/endpoint-options.js";
import {
  parseFunction,
  parseMaxRetries,
  parseMs,
  parseReconcileWindowMs,
  parseResend,
  parseToken,
} from "../options/option-values.js";
import { parseSendingOptions, type SendingSettings } from "../options/sending-options.js";
import type { TokenProvider } from "../tokens/token-provider.js";
import { CLIENT_OPTION_NAMES, type WiseKioskClientOptions } from "./client-options.js";
import { createRoutes, type Routes } from "./routes.js";

const DEFAULT_TIMEOUT_MS = 30_000;
const DEFAULT_MAX_RETRIES = 2;
const DEFAULT_RECONCILE_WINDOW_MS = 10_000;

/** The validated options of a client, with their defaults. */
export interface ClientSettings {
  /** `undefined` if only a `baseUrl` was passed. */
  readonly environment: Environment | undefined;
  readonly baseUrl: BaseUrl;
  readonly routes: Routes;
  readonly token: string | TokenProvider;
  /** What makes the connections. */
  readonly sending: SendingSettings;
  readonly timeoutMs: number;
  /** `undefined` for no limit. */
  readonly deadlineMs: number | undefined;
  readonly maxRetries: number;
  readonly reconcileWindowMs: number;
  readonly resend: boolean;
  readonly onExchange: OnExchange | undefined;
}

/**
 * Validates the options of a client and adds the defaults.
 *
 * @throws {KioskArgumentError} if an option is unknown or invalid.
 */
export function parseClientOptions(given: WiseKioskClientOptions): ClientSettings {
  const options = parseOptions("options", given, CLIENT_OPTION_NAMES);
  const {
    environment,
    apiVersion = "legacy",
    token,
    timeoutMs,
    deadlineMs,
    maxRetries,
    reconcileWindowMs,
    resend,
  } = options;
  return {
    environment,
    baseUrl: parseEndpoint(options),
    routes: createRoutes(apiVersion),
    token: parseToken(token),
    sending: parseSendingOptions(options),
    timeoutMs: timeoutMs === undefined ? DEFAULT_TIMEOUT_MS : parseMs("timeoutMs", timeoutMs),
    deadlineMs: deadlineMs === undefined ? undefined : parseMs("deadlineMs", deadlineMs),
    maxRetries: maxRetries === undefined ? DEFAULT_MAX_RETRIES : parseMaxRetries(maxRetries),
    reconcileWindowMs:
      reconcileWindowMs === undefined ? DEFAULT_RECONCILE_WINDOW_MS : parseReconcileWindowMs(reconcileWindowMs),
    resend: resend === undefined ? true : parseResend(resend),
    onExchange: parseFunction("onExchange", options.onExchange),
  };
}
