import type { OnExchange } from "../delivery/exchange.js";
import { KioskArgumentError } from "../errors/argument-error.js";
import { type Destination, readDestination } from "../options/destination.js";
import { readFunction, readMs, readObject } from "../options/option-values.js";
import { readSendingOptions } from "../options/sending-options.js";
import { isUsableToken, type TokenProvider } from "../tokens/token-provider.js";
import { chooseTransport } from "../transport/choose-transport.js";
import type { DispatcherLike } from "../transport/dispatcher-like.js";
import type { FetchLike } from "../transport/fetch-like.js";
import { type ClientCertificate, MtlsPool } from "../transport/mtls-pool.js";
import { type RefreshSettings, requestRefresh } from "./refresh-request.js";
import type { RefreshedToken } from "./refreshed-token.js";
import { TokenKeeper } from "./token-keeper.js";

const DEFAULT_TIMEOUT_MS = 30_000;

/** Options of {@link createRefreshingToken}. */
export type RefreshingTokenOptions = Destination & {
  /** Allows a `baseUrl` of plain `http:` to other hosts than loopback: secrets are readable on the way. Default `false`. */
  readonly allowInsecureHttp?: boolean;
  /** Your client's id and secret, as Wise gave them. */
  readonly clientId: string;
  readonly clientSecret: string;
  /** The refresh token of one customer. */
  readonly refreshToken: string;
  /** The customer's access token, where you have one. Without it the first call refreshes. */
  readonly accessToken?: string;
  /** When `accessToken` expires: an ISO 8601 text or a `Date`. Without it, it is used until Wise rejects it. */
  readonly expiresAt?: string | Date | null;
  /**
   * Stores new tokens. It is awaited before they are used, so that they outlive this process. Where it throws, the call that
   * needs the token rejects with a `KioskTokenError`, whose `cause` is what was thrown; the next call offers it the same
   * tokens again, without another refresh.
   */
  readonly onRefresh: (tokens: RefreshedToken) => void | Promise<void>;
  /** See `WiseKioskClientOptions`. */
  readonly mtls?: ClientCertificate;
  /** See `WiseKioskClientOptions`. */
  readonly dispatcher?: DispatcherLike;
  /** See `WiseKioskClientOptions`. */
  readonly fetch?: FetchLike;
  /** The limit for one refresh, in milliseconds: 1 to 2147483647, default 30000. */
  readonly timeoutMs?: number;
  /** Told of each refresh when it is over. What it throws is ignored. */
  readonly onExchange?: OnExchange;
};

/**
 * A token provider for one customer that refreshes the access token with the customer's refresh token: ahead of its expiry,
 * and when Wise rejects it. It makes one refresh at a time, however many calls wait for it, because Wise voids the previous
 * access token at each refresh. For the same reason no other process should refresh the same customer's token.
 *
 * What fails reaches the caller as the `cause` of a `KioskTokenError`: a `KioskError` without any body, or what `onRefresh`
 * threw.
 *
 * @throws {KioskArgumentError} for the first option that is not as it has to be.
 * @see https://docs.wise.com/guides/developer/auth-and-security/refresh-tokens
 */
export function createRefreshingToken(options: RefreshingTokenOptions): TokenProvider {
  const { timeoutMs, onRefresh, accessToken, expiresAt } = readObject("options", options);
  const { fetch, dispatcher, mtls } = readSendingOptions(options);
  const settings: RefreshSettings = {
    baseUrl: readDestination(options),
    transport: chooseTransport({ fetch, dispatcher, mtlsPool: mtls === undefined ? undefined : new MtlsPool(mtls) }),
    clientId: readSecret("clientId", options.clientId),
    clientSecret: readSecret("clientSecret", options.clientSecret),
    timeoutMs: timeoutMs === undefined ? DEFAULT_TIMEOUT_MS : readMs("timeoutMs", timeoutMs),
    onExchange: readFunction("onExchange", options.onExchange),
  };
  if (typeof onRefresh !== "function") {
    throw new KioskArgumentError("onRefresh", "has to be a function that stores the new tokens");
  }
  if (accessToken !== undefined && !isUsableToken(accessToken)) {
    throw new KioskArgumentError("accessToken", "has to be an access token of visible ASCII characters");
  }
  const keeper = new TokenKeeper({
    accessToken,
    refreshToken: readSecret("refreshToken", options.refreshToken),
    expiresAt: readExpiry(expiresAt),
    refresh: (refreshToken) => requestRefresh(settings, refreshToken),
    store: async (tokens) => onRefresh(tokens),
  });
  return ({ rejectedToken }) => keeper.token(rejectedToken);
}

function readSecret(argument: string, value: unknown): string {
  if (typeof value === "string" && value !== "") return value;
  throw new KioskArgumentError(argument, "has to be a string that is not empty");
}

function readExpiry(value: unknown): number | null {
  if (value === undefined || value === null) return null;
  const expiry = value instanceof Date ? value.getTime() : typeof value === "string" ? Date.parse(value) : Number.NaN;
  if (!Number.isNaN(expiry)) return expiry;
  throw new KioskArgumentError("expiresAt", "has to be an ISO 8601 text or a Date");
}
