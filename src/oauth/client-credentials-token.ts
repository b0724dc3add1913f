import { type OptionNames, parseOptions } from "../arguments/parse-options.js";
import type { SubscriptionTokenProvider } from "../tokens/subscription-token-provider.js";
import { requestTokensRepeatedly } from "./repeated-token-request.js";
import { TokenCache } from "./token-cache.js";
import { parseTokenRequestSettings, type TokenRequestOptions } from "./token-request-settings.js";

/** Options for {@link createClientCredentialsToken}. */
export type ClientCredentialsTokenOptions = {
  /** The limit for one request and its repetitions, in milliseconds: 1 to 2147483647. Default: 10000. */
  readonly timeoutMs?: number | undefined;
} & TokenRequestOptions;

const TOKEN_OPTION_NAMES: OptionNames<ClientCredentialsTokenOptions> = {
  environment: true,
  baseUrl: true,
  allowInsecureHttp: true,
  clientId: true,
  clientSecret: true,
  mtls: true,
  dispatcher: true,
  fetch: true,
  timeoutMs: true,
  onExchange: true,
};

/** How long Wise's token is valid if the response does not say, in milliseconds: 12 hours. */
const USUAL_LIFE_MS = 12 * 60 * 60_000;

/**
 * Creates the token provider of `KioskSubscriptions`. It requests a token of your application itself, which is valid for 12 hours,
 * and another one 5 minutes before it expires and when Wise rejects it. If Wise does not say when it expires, 12 hours are assumed.
 *
 * It makes one request at a time, however many calls wait for it, and repeats it up to 2 times after a transient failure. If a
 * request ahead of expiry fails, or takes more than 0.75 s, the provider returns the token that is still valid. The token belongs
 * to no customer: it cannot print cards.
 *
 * A failure reaches the caller as the `cause` of a `KioskTokenError`: a `KioskError` without a body.
 *
 * @example
 * ```ts
 * import { createClientCredentialsToken, KioskSubscriptions } from "wise-card-kiosk/subscriptions";
 *
 * const token = createClientCredentialsToken({
 *   environment: "sandbox",
 *   clientId: process.env.WISE_CLIENT_ID ?? "",
 *   clientSecret: process.env.WISE_CLIENT_SECRET ?? "",
 * });
 * const subscriptions = new KioskSubscriptions({ environment: "sandbox", clientKey: "your-bank", token });
 * console.log((await subscriptions.list()).length);
 * // → 0
 * ```
 *
 * @throws {KioskArgumentError} for the first unknown or invalid option.
 * @see https://docs.wise.com/guides/developer/auth-and-security
 */
export function createClientCredentialsToken(options: ClientCredentialsTokenOptions): SubscriptionTokenProvider {
  const settings = parseTokenRequestSettings(parseOptions("options", options, TOKEN_OPTION_NAMES));
  const grant = { operation: "requestToken", form: { grant_type: "client_credentials" }, secrets: [] } as const;
  const cache = new TokenCache({
    accessToken: undefined,
    expiresAt: null,
    refresh: async () => {
      const received = await requestTokensRepeatedly(settings, grant);
      return { ...received, expiresAt: received.expiresAt ?? new Date(Date.now() + USUAL_LIFE_MS).toISOString() };
    },
    store: { store: async () => {}, isStored: () => true },
    timeoutMs: settings.timeoutMs,
  });
  return ({ rejectedToken }) => cache.token(rejectedToken);
}
