import type { OptionNames } from "../arguments/parse-options.js";
import type { OnExchange } from "../calls/exchange.js";
import type { ApiVersion } from "../options/api-version.js";
import type { EndpointOptions } from "../options/endpoint-options.js";
import type { SendingOptions } from "../options/sending-options.js";
import type { SubscriptionTokenProvider } from "../tokens/subscription-token-provider.js";

/** Options for {@link KioskSubscriptions}. Set `environment`, `baseUrl` or both; `clientKey` and `token` are required. */
export type KioskSubscriptionsOptions = {
  /**
   * Whether `baseUrl` may be plain `http:` on a host other than loopback. The network can then read the token. Default:
   * `false`.
   */
  readonly allowInsecureHttp?: boolean | undefined;
  /** The version of the Wise API: `'legacy'` for `/v3/applications/…`, or a quarter such as `'2026Q3'`. Default: `'legacy'`. */
  readonly apiVersion?: ApiVersion | undefined;
  /** The client key of your application, which Wise gave you. It is not always the same as your client id. Required. */
  readonly clientKey: string;
  /**
   * The token of your application itself, without `Bearer`, or a function that returns one: `createClientCredentialsToken(…)`. The
   * function is called before every attempt. The token of a customer does not work here. Required.
   */
  readonly token: string | SubscriptionTokenProvider;
  /**
   * The time limit for one attempt, from requesting the token to the last byte, in milliseconds: 1 to 2147483647. Default:
   * 30000.
   */
  readonly timeoutMs?: number | undefined;
  /** The time limit for a whole call, in milliseconds: 1 to 2147483647. Default: none. */
  readonly deadlineMs?: number | undefined;
  /**
   * How often a call may resend its request if that is safe: an integer from 0 to 10. One more attempt with a new token after a 401
   * does not count. `0` means that each request is sent once, and that a lost response is not reconciled. Default: 2.
   */
  readonly maxRetries?: number | undefined;
  /**
   * How long a list that does not show a new subscription proves nothing after a request in doubt, in milliseconds: 0 to
   * 600000. Default: 10000.
   */
  readonly reconcileWindowMs?: number | undefined;
  /** Whether `create` and `ensure` may resend a request in doubt once a list shows that it had no effect. Default: `true`. */
  readonly resend?: boolean | undefined;
  /**
   * How far apart two lists of `ensure` that agree must be, in milliseconds: 0 to 600000. Below 1000, processes that call
   * `ensure` at the same time may not agree, because Wise's times are in whole seconds. `0` is for tests. Default: 1000.
   */
  readonly agreementMs?: number | undefined;
  /** Called after each HTTP attempt, for logs and traces. It is not awaited, and its errors are ignored. Default: none. */
  readonly onExchange?: OnExchange | undefined;
} & SendingOptions &
  EndpointOptions;

/** The names of all {@link KioskSubscriptionsOptions}. */
export const SUBSCRIPTIONS_OPTION_NAMES: OptionNames<KioskSubscriptionsOptions> = {
  environment: true,
  baseUrl: true,
  allowInsecureHttp: true,
  apiVersion: true,
  clientKey: true,
  token: true,
  mtls: true,
  timeoutMs: true,
  deadlineMs: true,
  maxRetries: true,
  reconcileWindowMs: true,
  resend: true,
  agreementMs: true,
  dispatcher: true,
  fetch: true,
  onExchange: true,
};

/** Options for one call of {@link KioskSubscriptions}. They take precedence over its own options. */
export interface SubscriptionCallOptions {
  /** Aborts the call at any point: it immediately rejects with `signal.reason`. A request that was sent may still take effect. */
  readonly signal?: AbortSignal | undefined;
  /** The time limit for one attempt, in milliseconds: 1 to 2147483647. Default: the value of `KioskSubscriptions`. */
  readonly timeoutMs?: number | undefined;
  /** The time limit for this whole call, in milliseconds: 1 to 2147483647. Default: the value of `KioskSubscriptions`. */
  readonly deadlineMs?: number | undefined;
  /**
   * How often this call may resend a request if that is safe: an integer from 0 to 10. Default: the value of
   * `KioskSubscriptions`.
   */
  readonly maxRetries?: number | undefined;
  /** The reconcile window, in milliseconds: 0 to 600000. Default: the value of `KioskSubscriptions`. */
  readonly reconcileWindowMs?: number | undefined;
  /** Whether this call may resend a request in doubt. Default: the value of `KioskSubscriptions`. */
  readonly resend?: boolean | undefined;
  /**
   * Sent as `X-External-Correlation-Id` with every request: 1 to 36 visible ASCII characters. Default: a random UUID for each
   * call.
   */
  readonly correlationId?: string | undefined;
  /** The token of your application for this call, or a function that returns one. Default: the `token` of `KioskSubscriptions`. */
  readonly token?: string | SubscriptionTokenProvider | undefined;
}

/** The names of all {@link SubscriptionCallOptions}. */
export const SUBSCRIPTION_CALL_NAMES: OptionNames<SubscriptionCallOptions> = {
  signal: true,
  timeoutMs: true,
  deadlineMs: true,
  maxRetries: true,
  reconcileWindowMs: true,
  resend: true,
  correlationId: true,
  token: true,
};
