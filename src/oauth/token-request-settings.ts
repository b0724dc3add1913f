import { mustBe } from "../arguments/found-value.js";
import { parseFunction } from "../arguments/parse-function.js";
import { tokenFault } from "../arguments/token-fault.js";
import type { OnExchange } from "../calls/exchange.js";
import { KioskArgumentError } from "../errors/argument-error.js";
import { type EndpointOptions, parseEndpoint } from "../options/endpoint-options.js";
import { parseMs } from "../options/option-values.js";
import { parseSendingOptions, type SendingOptions } from "../options/sending-options.js";
import { chooseTransport } from "../transport/choose-transport.js";
import { MtlsPool } from "../transport/mtls-pool.js";
import type { TokenRequestSettings } from "./token-request.js";

/** Shorter than a client's default: a call that needs the new tokens then rejects with the error of the request for them. */
const DEFAULT_TIMEOUT_MS = 10_000;

/** The options that both token providers have, and that their requests use. */
export type TokenRequestOptions = {
  /**
   * Whether `baseUrl` may be plain `http:` on a host other than loopback. The network can then read the client secret and the
   * tokens. Default: `false`.
   */
  readonly allowInsecureHttp?: boolean | undefined;
  /** The client id that Wise gave you: visible ASCII characters, no colon. It is not always the same as your client key. */
  readonly clientId: string;
  /** The client secret that Wise gave you: visible ASCII characters. */
  readonly clientSecret: string;
  /** Called after each request. It is not awaited, and errors that it throws are ignored. Default: none. */
  readonly onExchange?: OnExchange | undefined;
} & SendingOptions &
  EndpointOptions;

/**
 * Validates the options that requests to the token endpoint use.
 *
 * @throws {KioskArgumentError} for the first invalid option.
 */
export function parseTokenRequestSettings(
  options: TokenRequestOptions & { readonly timeoutMs?: number | undefined },
): TokenRequestSettings {
  const { timeoutMs } = options;
  const { fetch, dispatcher, mtls } = parseSendingOptions(options);
  return {
    timeoutMs: timeoutMs === undefined ? DEFAULT_TIMEOUT_MS : parseMs("timeoutMs", timeoutMs),
    baseUrl: parseEndpoint(options),
    transport: chooseTransport({ fetch, dispatcher, mtlsPool: mtls === undefined ? undefined : new MtlsPool(mtls) }),
    clientId: parseClientId(options.clientId),
    clientSecret: parseSecret("clientSecret", options.clientSecret),
    onExchange: parseFunction("onExchange", options.onExchange),
  };
}

/**
 * Parses an option that is secret. The error does not show its value.
 *
 * @throws {KioskArgumentError} if the value is not a string of visible ASCII characters.
 */
export function parseSecret(argument: string, value: unknown): string {
  const fault = tokenFault(value);
  if (fault === undefined) return value as string;
  throw mustBe(argument, "a string of visible ASCII characters", fault);
}

function parseClientId(value: unknown): string {
  const clientId = parseSecret("clientId", value);
  if (!clientId.includes(":")) return clientId;
  throw new KioskArgumentError(
    "clientId",
    "must not contain a colon, which ends the user name in HTTP Basic authentication",
  );
}
