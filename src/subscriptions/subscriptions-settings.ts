import { parseFunction } from "../arguments/parse-function.js";
import { parseOptions } from "../arguments/parse-options.js";
import { parseRange } from "../arguments/parse-range.js";
import type { OnExchange } from "../calls/exchange.js";
import { parseApiVersion } from "../options/api-version.js";
import type { BaseUrl } from "../options/base-url.js";
import { type CallLimits, parseCallLimits } from "../options/call-limits.js";
import { type CallSettings, parseCallValues } from "../options/call-settings.js";
import { parseEndpoint } from "../options/endpoint-options.js";
import { parseToken } from "../options/option-values.js";
import { parsePathSegment } from "../options/path-segment.js";
import { parseSendingOptions, type SendingSettings } from "../options/sending-options.js";
import { MAX_RECONCILE_WINDOW_MS } from "../time/longest-times.js";
import type { SubscriptionTokenProvider } from "../tokens/subscription-token-provider.js";
import { createSubscriptionRoutes, type SubscriptionRoutes } from "./subscription-routes.js";
import {
  type KioskSubscriptionsOptions,
  SUBSCRIPTION_CALL_NAMES,
  SUBSCRIPTIONS_OPTION_NAMES,
  type SubscriptionCallOptions,
} from "./subscriptions-options.js";

/** Wise's times of creation are in whole seconds. */
const DEFAULT_AGREEMENT_MS = 1000;

/** The validated options of {@link KioskSubscriptions}, with their defaults. */
export interface SubscriptionsSettings extends CallLimits {
  readonly baseUrl: BaseUrl;
  readonly clientKey: string;
  readonly routes: SubscriptionRoutes;
  readonly token: string | SubscriptionTokenProvider;
  readonly sending: SendingSettings;
  readonly agreementMs: number;
  readonly onExchange: OnExchange | undefined;
}

/** The validated options of one call. */
export type SubscriptionCallSettings = CallSettings<SubscriptionTokenProvider>;

/**
 * Validates the options of {@link KioskSubscriptions} and adds the defaults.
 *
 * @throws {KioskArgumentError} if an option is unknown or invalid.
 */
export function parseSubscriptionsOptions(given: KioskSubscriptionsOptions): SubscriptionsSettings {
  const options = parseOptions("options", given, SUBSCRIPTIONS_OPTION_NAMES);
  const { apiVersion = "legacy", agreementMs = DEFAULT_AGREEMENT_MS } = options;
  const baseUrl = parseEndpoint(options);
  const clientKey = parsePathSegment("clientKey", options.clientKey);
  return {
    ...parseCallLimits(options),
    baseUrl,
    clientKey,
    routes: createSubscriptionRoutes(baseUrl, parseApiVersion(apiVersion), clientKey),
    token: parseToken(options.token),
    sending: parseSendingOptions(options),
    agreementMs: parseRange("agreementMs", agreementMs, { min: 0, max: MAX_RECONCILE_WINDOW_MS }),
    onExchange: parseFunction("onExchange", options.onExchange),
  };
}

/**
 * Validates the options of a call.
 *
 * @throws {KioskArgumentError} if an option is unknown or invalid.
 */
export function parseSubscriptionCallOptions(given: SubscriptionCallOptions): SubscriptionCallSettings {
  return parseCallValues(parseOptions("options", given, SUBSCRIPTION_CALL_NAMES));
}
