import { describeValue, mustBe } from "../arguments/found-value.js";
import { type OptionNames, parseOptions } from "../arguments/parse-options.js";
import { tokenFault } from "../arguments/token-fault.js";
import type { OnExchange } from "../calls/exchange.js";
import { KioskArgumentError } from "../errors/argument-error.js";
import { type EndpointOptions, parseEndpoint } from "../options/endpoint-options.js";
import { parseFunction, parseMs } from "../options/option-values.js";
import { parseSendingOptions } from "../options/sending-options.js";
import type { TokenProvider } from "../tokens/token-provider.js";
import { chooseTransport } from "../transport/choose-transport.js";
import type { DispatcherLike } from "../transport/dispatcher-like.js";
import type { FetchLike } from "../transport/fetch-like.js";
import { type ClientCertificate, MtlsPool } from "../transport/mtls-pool.js";
import { OrderedStore } from "./ordered-store.js";
import { type RefreshSettings, requestRefresh } from "./refresh-request.js";
import type { RefreshedToken } from "./refreshed-token.js";
import { TokenCache } from "./token-cache.js";

/** Shorter than that of a client: where a refresh ahead of expiry hangs, the call still gets the token that is valid. */
const DEFAULT_REFRESH_TIMEOUT_MS = 10_000;

/** Options of {@link createRefreshingToken}. */
export type RefreshingTokenOptions = {
  /** Allows a `baseUrl` of plain `http:` to other hosts than loopback: secrets are readable on the way. Default `false`. */
  readonly allowInsecureHttp?: boolean | undefined;
  /** Your client's id, as Wise gave it. */
  readonly clientId: string;
  /** Your client's secret, as Wise gave it. */
  readonly clientSecret: string;
  /** The refresh token of one customer. */
  readonly refreshToken: string;
  /** The customer's access token, where you have one. Without it the first call refreshes. */
  readonly accessToken?: string | undefined;
  /** When `accessToken` expires: an ISO 8601 text or a `Date`. Without it, it is used until Wise rejects it. */
  readonly expiresAt?: string | Date | null | undefined;
  /**
   * Stores new tokens. It is awaited before they are used, so that they outlive this process. If it throws, or does not end
   * within `timeoutMs`, the calls that need the token reject with a `KioskTokenError`, whose `cause` is what was thrown; the
   * next call offers it the same tokens again, without another refresh.
   *
   * It is called once at a time, in the order of the refreshes: a slow call ends before the next one starts. A call that has not
   * ended after six times `timeoutMs` is no longer waited for; if it ends after newer tokens were stored, the newest are passed
   * once more.
   */
  readonly onRefresh: (tokens: RefreshedToken) => void | Promise<void>;
  /** See `WiseKioskClientOptions`. */
  readonly mtls?: ClientCertificate | undefined;
  /** See `WiseKioskClientOptions`. */
  readonly dispatcher?: DispatcherLike | undefined;
  /** See `WiseKioskClientOptions`. */
  readonly fetch?: FetchLike | undefined;
  /** The limit for one refresh, and then for `onRefresh`, in milliseconds: 1 to 2147483647, default 10000. */
  readonly timeoutMs?: number | undefined;
  /** Told of each refresh when it is over. What it throws is ignored. */
  readonly onExchange?: OnExchange | undefined;
} & EndpointOptions;

const REFRESH_OPTION_NAMES: OptionNames<RefreshingTokenOptions> = {
  environment: true,
  baseUrl: true,
  allowInsecureHttp: true,
  clientId: true,
  clientSecret: true,
  refreshToken: true,
  accessToken: true,
  expiresAt: true,
  onRefresh: true,
  mtls: true,
  dispatcher: true,
  fetch: true,
  timeoutMs: true,
  onExchange: true,
};

/**
 * A token provider for one customer that refreshes the access token with the customer's refresh token: 5 minutes ahead of its
 * expiry, and when Wise rejects it. It makes one refresh at a time, however many calls wait for it, because Wise voids the
 * previous access token at each refresh. For the same reason no other process should refresh the same customer's token.
 *
 * Where a refresh ahead of the expiry fails, the token that is still valid is given, and another refresh tried 30 s later.
 *
 * What fails reaches the caller as the `cause` of a `KioskTokenError`: a `KioskError` without any body, or what `onRefresh`
 * threw.
 *
 * @throws {KioskArgumentError} for the first option that is not known or not valid.
 * @see https://docs.wise.com/guides/developer/auth-and-security/refresh-tokens
 */
export function createRefreshingToken(given: RefreshingTokenOptions): TokenProvider {
  const options = parseOptions("options", given, REFRESH_OPTION_NAMES);
  const { timeoutMs, onRefresh, accessToken, expiresAt } = options;
  const { fetch, dispatcher, mtls } = parseSendingOptions(options);
  const limit = timeoutMs === undefined ? DEFAULT_REFRESH_TIMEOUT_MS : parseMs("timeoutMs", timeoutMs);
  const settings: RefreshSettings = {
    baseUrl: parseEndpoint(options),
    transport: chooseTransport({ fetch, dispatcher, mtlsPool: mtls === undefined ? undefined : new MtlsPool(mtls) }),
    clientId: parseClientId(options.clientId),
    clientSecret: parseSecret("clientSecret", options.clientSecret),
    timeoutMs: limit,
    onExchange: parseFunction("onExchange", options.onExchange),
  };
  if (typeof onRefresh !== "function") {
    throw mustBe("onRefresh", "a function that stores the new tokens", describeValue(onRefresh));
  }
  const orderedStore = new OrderedStore(onRefresh, limit);
  const keeper = new TokenCache({
    accessToken: accessToken === undefined ? undefined : parseSecret("accessToken", accessToken),
    refreshToken: parseSecret("refreshToken", options.refreshToken),
    expiresAt: parseExpiresAt(expiresAt),
    refresh: (refreshToken) => requestRefresh(settings, refreshToken),
    store: (tokens) => orderedStore.store(tokens),
  });
  return ({ rejectedToken }) => keeper.token(rejectedToken);
}

function parseClientId(value: unknown): string {
  const clientId = parseSecret("clientId", value);
  if (!clientId.includes(":")) return clientId;
  throw new KioskArgumentError("clientId", "must not contain a ':', which ends it in HTTP Basic authentication");
}

/** The message does not show what was given. */
function parseSecret(argument: string, value: unknown): string {
  const fault = tokenFault(value);
  if (fault === undefined) return value as string;
  throw mustBe(argument, "a string of visible ASCII characters", fault);
}

function parseExpiresAt(value: unknown): number | null {
  if (value === undefined || value === null) return null;
  const expiry = typeof value === "string" ? Date.parse(value) : toMs(value);
  if (!Number.isNaN(expiry)) return expiry;
  const found = typeof value === "string" ? "another string" : describeValue(value);
  throw mustBe("expiresAt", "a time in ISO 8601 or a valid Date", found);
}

/** The time of a `Date` of any realm, where `instanceof` may say no; `NaN` for anything else. */
function toMs(value: unknown): number {
  try {
    return Date.prototype.getTime.call(value);
  } catch {
    return Number.NaN;
  }
}
