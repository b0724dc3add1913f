import { readOptions } from "../arguments/read-options.js";
import type { OnExchange } from "../delivery/exchange.js";
import type { BaseUrl } from "../options/base-url.js";
import { readDestination } from "../options/destination.js";
import type { Environment } from "../options/environment.js";
import {
  readFunction,
  readMaxRetries,
  readMs,
  readReconcileWindowMs,
  readResend,
  readToken,
} from "../options/option-values.js";
import { readSendingOptions, type SendingOptions } from "../options/sending-options.js";
import type { TokenProvider } from "../tokens/token-provider.js";
import { CLIENT_OPTION_NAMES, type WiseKioskClientOptions } from "./client-options.js";
import { type Routes, routesOf } from "./routes.js";

const DEFAULT_TIMEOUT_MS = 30_000;
const DEFAULT_MAX_RETRIES = 2;
const DEFAULT_RECONCILE_WINDOW_MS = 10_000;

/** The options of a client, checked and with their defaults. */
export interface ClientSettings {
  readonly environment: Environment | undefined;
  readonly baseUrl: BaseUrl;
  readonly routes: Routes;
  readonly token: string | TokenProvider;
  readonly sending: SendingOptions;
  readonly timeoutMs: number;
  readonly deadlineMs: number | undefined;
  readonly maxRetries: number;
  readonly reconcileWindowMs: number;
  readonly resend: boolean;
  readonly onExchange: OnExchange | undefined;
}

/** @throws {KioskArgumentError} for the first option that is not valid. */
export function readClientOptions(given: WiseKioskClientOptions): ClientSettings {
  const options = readOptions("options", given, CLIENT_OPTION_NAMES);
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
    baseUrl: readDestination(options),
    routes: routesOf(apiVersion),
    token: readToken(token),
    sending: readSendingOptions(options),
    timeoutMs: timeoutMs === undefined ? DEFAULT_TIMEOUT_MS : readMs("timeoutMs", timeoutMs),
    deadlineMs: deadlineMs === undefined ? undefined : readMs("deadlineMs", deadlineMs),
    maxRetries: maxRetries === undefined ? DEFAULT_MAX_RETRIES : readMaxRetries(maxRetries),
    reconcileWindowMs:
      reconcileWindowMs === undefined ? DEFAULT_RECONCILE_WINDOW_MS : readReconcileWindowMs(reconcileWindowMs),
    resend: resend === undefined ? true : readResend(resend),
    onExchange: readFunction("onExchange", options.onExchange),
  };
}
