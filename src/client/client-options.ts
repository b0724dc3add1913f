import type { OptionNames } from "../arguments/read-options.js";
import type { OnExchange } from "../delivery/exchange.js";
import type { Destination } from "../options/destination.js";
import type { TokenProvider } from "../tokens/token-provider.js";
import type { DispatcherLike } from "../transport/dispatcher-like.js";
import type { FetchLike } from "../transport/fetch-like.js";
import type { ClientCertificate } from "../transport/mtls-pool.js";
import type { ApiVersion } from "./routes.js";

/** Options of a {@link WiseKioskClient}. */
export type WiseKioskClientOptions = {
  /** Allows a `baseUrl` of plain `http:` to other hosts than loopback: the token is readable on the way. Default `false`. */
  readonly allowInsecureHttp?: boolean | undefined;
  /** The version of Wise's API: `'legacy'` (the default), or a quarter such as `'2026Q3'`. */
  readonly apiVersion?: ApiVersion | undefined;
  /** The user's access token, or who gives it for each customer. */
  readonly token: string | TokenProvider;
  /**
   * A client certificate. Requests then go to the environment's mTLS host, unless `baseUrl` is given. Not together with
   * `dispatcher` or `fetch`, which make connections of their own.
   */
  readonly mtls?: ClientCertificate | undefined;
  /** The limit for one attempt, from asking for the token to the last byte, in milliseconds: 1 to 2147483647, default 30000. */
  readonly timeoutMs?: number | undefined;
  /** The limit for a whole call, with its attempts, waits and reads, in milliseconds: 1 to 2147483647. Default: none. */
  readonly deadlineMs?: number | undefined;
  /**
   * How often a request may be sent again where that is safe: 0 to 10, default 2. With `0` each call is exactly one request:
   * nothing is repeated, also not with a new token, and nothing is read to settle a doubt.
   */
  readonly maxRetries?: number | undefined;
  /**
   * Makes the connections: a pool, proxy or mock of undici 6 to 8. Default: undici's global dispatcher at the time of the
   * call. A `RetryAgent` is refused, for it would print a card twice.
   */
  readonly dispatcher?: DispatcherLike | undefined;
  /** Sends every request instead of undici. It must not retry. */
  readonly fetch?: FetchLike | undefined;
  /** Told of each HTTP attempt when it is over, for logs and traces. What it throws is ignored. */
  readonly onExchange?: OnExchange | undefined;
} & Destination;

/** The names of {@link WiseKioskClientOptions}. */
export const CLIENT_OPTION_NAMES: OptionNames<WiseKioskClientOptions> = {
  environment: true,
  baseUrl: true,
  allowInsecureHttp: true,
  apiVersion: true,
  token: true,
  mtls: true,
  timeoutMs: true,
  deadlineMs: true,
  maxRetries: true,
  dispatcher: true,
  fetch: true,
  onExchange: true,
};

/** Options of one call. They take precedence over those of the client. */
export interface CallOptions {
  /**
   * Ends the call: it rejects with `signal.reason` immediately, in every phase. A request that has left may have taken effect,
   * so read the status before you produce the card again.
   */
  readonly signal?: AbortSignal | undefined;
  /**
   * The limit for one attempt of this call, from requesting the token to the last byte, in milliseconds: 1 to 2147483647.
   * Default: that of the client.
   */
  readonly timeoutMs?: number | undefined;
  /**
   * The limit for this whole call, with its attempts, waits and reads, in milliseconds: 1 to 2147483647. When it has passed
   * the call rejects with a `KioskTimeoutError`. Default: that of the client.
   */
  readonly deadlineMs?: number | undefined;
  /**
   * How often the request of this call may be sent again if that is safe: 0 to 10. `0` is exactly one request and no read.
   * Default: that of the client.
   */
  readonly maxRetries?: number | undefined;
  /**
   * Sent as `X-External-Correlation-Id` with all attempts of the call: 1 to 36 visible ASCII characters, no personal data.
   * Default: a UUID.
   *
   * @see https://docs.wise.com/guides/developer/headers/correlation-id
   */
  readonly correlationId?: string | undefined;
  /**
   * The user's access token for this call, or a function that returns one for each customer. Default: that of the client.
   */
  readonly token?: string | TokenProvider | undefined;
}

/** The names of {@link CallOptions}. */
export const CALL_OPTION_NAMES: OptionNames<CallOptions> = {
  signal: true,
  timeoutMs: true,
  deadlineMs: true,
  maxRetries: true,
  correlationId: true,
  token: true,
};
