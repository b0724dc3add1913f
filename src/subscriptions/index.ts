/**
 * The webhook subscriptions of your application, and the token that they need.
 *
 * @module wise-card-kiosk/subscriptions
 */

export type { Environment } from "../arguments/environment.js";
export type { Exchange, OnExchange } from "../calls/exchange.js";
export { type AnyKioskError, isKioskError } from "../errors/any-kiosk-error.js";
export {
  KioskApiError,
  KioskAuthenticationError,
  KioskNotFoundError,
  KioskPermissionError,
  KioskRateLimitError,
  KioskServerError,
  KioskUnprocessableError,
} from "../errors/api-error.js";
export { KioskArgumentError } from "../errors/argument-error.js";
export { KioskConnectionError, KioskTimeoutError } from "../errors/connection-error.js";
export { type DecodeIssue, KioskDecodeError } from "../errors/decode-error.js";
export { KioskError } from "../errors/kiosk-error.js";
export { KioskTokenError } from "../errors/token-error.js";
export { type ClientCredentialsTokenOptions, createClientCredentialsToken } from "../oauth/client-credentials-token.js";
export type { TokenRequestOptions } from "../oauth/token-request-settings.js";
export type { ApiVersion } from "../options/api-version.js";
export type { EndpointOptions } from "../options/endpoint-options.js";
export type { SendingOptions } from "../options/sending-options.js";
export type { SubscriptionOperation, WiseOperation } from "../production/operation.js";
export type { Production } from "../production/production.js";
export type { SubscriptionTokenContext, SubscriptionTokenProvider } from "../tokens/subscription-token-provider.js";
export type {
  DispatchControllerLike,
  DispatcherLike,
  DispatchHandlerLike,
  DispatchOptionsLike,
} from "../transport/dispatcher-like.js";
export type { FetchInitLike, FetchLike, FetchResponseLike } from "../transport/fetch-like.js";
export type { ClientCertificate } from "../transport/mtls-pool.js";
export type { EnsuredSubscription } from "./ensure-subscription.js";
export type { KioskSubscription, QueuedTestNotification } from "./kiosk-subscription.js";
export { KioskSubscriptions } from "./kiosk-subscriptions.js";
export type { SubscriptionRequest } from "./subscription-request.js";
export type { KioskSubscriptionsOptions, SubscriptionCallOptions } from "./subscriptions-options.js";
