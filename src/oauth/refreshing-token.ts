import { describeValue, mustBe } from "../arguments/found-value.js";
import { type OptionNames, parseOptions } from "../arguments/parse-options.js";
import { parseTimestamp } from "../production/timestamp.js";
import type { TokenProvider } from "../tokens/token-provider.js";
import { OrderedStore } from "./ordered-store.js";
import type { RefreshedToken } from "./received-token.js";
import { requestTokensRepeatedly } from "./repeated-token-request.js";
import { TokenCache } from "./token-cache.js";
import { parseSecret, parseTokenRequestSettings, type TokenRequestOptions } from "./token-request-settings.js";

/** Options for {@link createRefreshingToken}. */
export type RefreshingTokenOptions = {
  /** The customer's refresh token: visible ASCII characters. */
  readonly refreshToken: string;
  /** The customer's access token, if you have one: visible ASCII characters. Default: none, the first call refreshes. */
  readonly accessToken?: string | undefined;
  /**
   * When `accessToken` expires: an ISO 8601 string with seconds and a time zone, or a `Date`. Default: unknown, the token is used
   * until Wise rejects it.
   */
  readonly expiresAt?: string | Date | null | undefined;
  /**
   * Stores new tokens. It is awaited before they are used, so that they survive a restart. If it throws, or does not finish within
   * `timeoutMs`, the calls that need the token reject with a `KioskTokenError`. Its `cause` is what was thrown, or a
   * `KioskTimeoutError`. The next call passes `onRefresh` the same tokens again, without another refresh.
   *
   * Calls of `onRefresh` run one at a time, in the order of the refreshes. A call that has not finished after six times
   * `timeoutMs` is given up, and the next one starts. If it finishes after newer tokens were stored, `onRefresh` is called once
   * more with the newest. If that fails, the next call passes it these tokens again.
   */
  readonly onRefresh: (tokens: RefreshedToken) => unknown;
  /** The limit for a refresh with its repetitions, and again for `onRefresh`, in milliseconds: 1 to 2147483647, default 10000. */
  readonly timeoutMs?: number | undefined;
} & TokenRequestOptions;

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
 * Creates a token provider that refreshes one customer's access token: 5 minutes before it expires (halfway through its life if
 * that is later), and when Wise rejects it.
 *
 * It makes one refresh at a time, however many calls wait for it, because Wise voids the previous access token at each refresh.
 * For the same reason, no other process should refresh the same customer's token. Without a connection, or after a 429, it
 * repeats the refresh up to 2 times, but never one that Wise may have processed.
 *
 * If a refresh ahead of expiry fails, or takes more than 0.75 s, the provider returns the token that is still valid. It tries again
 * 30 s after the failure or at the expiry, whichever comes first; a refresh that takes longer goes on.
 *
 * A failure reaches the caller as the `cause` of a `KioskTokenError`: a `KioskError` without a body, or what `onRefresh` threw. Its
 * `mayHaveTakenEffect` says whether Wise may have replaced the tokens.
 *
 * @example
 * ```ts
 * import { createRefreshingToken, WiseKioskClient } from "wise-card-kiosk";
 *
 * const profileId = String(card.profileId);
 * const token = createRefreshingToken({
 *   environment: "sandbox",
 *   clientId: process.env.WISE_CLIENT_ID ?? "",
 *   clientSecret: process.env.WISE_CLIENT_SECRET ?? "",
 *   refreshToken: customers.loadRefreshToken(profileId),
 *   onRefresh: ({ refreshToken }) => customers.saveRefreshToken(profileId, refreshToken),
 * });
 * const kiosk = new WiseKioskClient({ environment: "sandbox", token });
 * console.log((await kiosk.getProductionStatus(card)).status);
 * // → READY
 * ```
 *
 * @throws {KioskArgumentError} for the first unknown or invalid option.
 * @see https://docs.wise.com/guides/developer/auth-and-security/refresh-tokens
 */
export function createRefreshingToken(options: RefreshingTokenOptions): TokenProvider {
  const parsed = parseOptions("options", options, REFRESH_OPTION_NAMES);
  const { onRefresh, accessToken, expiresAt } = parsed;
  const settings = parseTokenRequestSettings(parsed);
  if (typeof onRefresh !== "function") {
    throw mustBe("onRefresh", "a function that stores the new tokens", describeValue(onRefresh));
  }
  let refreshToken = parseSecret("refreshToken", parsed.refreshToken);
  const cache = new TokenCache<RefreshedToken>({
    accessToken: accessToken === undefined ? undefined : parseSecret("accessToken", accessToken),
    expiresAt: parseExpiresAt(expiresAt),
    async refresh() {
      const form = { grant_type: "refresh_token", refresh_token: refreshToken };
      const grant = { operation: "refreshToken", form, secrets: [refreshToken] } as const;
      const received = await requestTokensRepeatedly(settings, grant);
      refreshToken = received.refreshToken ?? refreshToken;
      return { ...received, refreshToken };
    },
    store: new OrderedStore(onRefresh, settings.timeoutMs),
    timeoutMs: settings.timeoutMs,
  });
  return ({ rejectedToken }) => cache.token(rejectedToken);
}

function parseExpiresAt(value: unknown): number | null {
  if (value === undefined || value === null) return null;
  const expiry = typeof value === "string" ? (parseTimestamp(value) ?? Number.NaN) : toMs(value);
  if (!Number.isNaN(expiry)) return expiry;
  const found = typeof value === "string" ? "another string" : describeValue(value);
  throw mustBe("expiresAt", "a time in ISO 8601 with seconds and a time zone, or a valid Date", found);
}

/** Returns the time of a `Date`, even of another realm, which `instanceof` does not recognise; `NaN` for anything else. */
function toMs(value: unknown): number {
  try {
    return Date.prototype.getTime.call(value);
  } catch {
    return Number.NaN;
  }
}
