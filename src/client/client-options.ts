import type { OptionNames } from "../arguments/parse-options.js";
import type { OnExchange } from "../calls/exchange.js";
import type { EndpointOptions } from "../options/endpoint-options.js";
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
   *
   * The client connects directly or through `mtls.proxy`: undici's global dispatcher, `HTTPS_PROXY` and `NO_PROXY` are not used.
   */
  readonly mtls?: ClientCertificate | undefined;
  /** The limit for one attempt, from asking for the token to the last byte, in milliseconds: 1 to 2147483647, default 30000. */
  readonly timeoutMs?: number | undefined;
  /** The limit for a whole call, with its attempts, waits and reads, in milliseconds: 1 to 2147483647. Default: none. */
  readonly deadlineMs?: number | undefined;
  /**
   * How often a request may be sent again if that is safe: 0 to 10, default 2. With `0` each call is exactly one request: nothing
   * is repeated, not even with a new token, and nothing is read to reconcile a request in doubt.
   */
  readonly maxRetries?: number | undefined;
  /**
   * How long a read proves nothing that does not show the work of this call, in milliseconds after the end of the last request in
   * doubt: 0 to 600000, default 10000.
   *
   * Wise's status may lag behind the kiosk, and a request may arrive after its sender gave up. Until the window is over, the
   * client only reads (after 0.25 s, then at intervals that grow to 3 s); as soon as a read shows the work of this call, the call
   * resolves. Only a read that began after the window can lead to another request or to an error. A card is never printed
   * twice as long as the lag of a read and the delay of a request add up to less than the window.
   *
   * A longer window protects against a longer lag, and makes a call whose request was lost last longer. `0` trusts the first
   * read: for tests against a simulator without lag.
   */
  readonly reconcileWindowMs?: number | undefined;
  /**
   * Whether a request may be sent again after one in doubt, once a read shows that nothing came of it. Default `true`.
   *
   * With `false`, a call whose request is in doubt only reads. If no read shows its work until the reconcile window is over, it
   * rejects with the error of that request, `mayHaveTakenEffect: true` and `productionAfter`. No lag or delay, however long, can
   * then print a second card from one call; the price is that somebody must repeat a call whose request was lost. Requests that
   * certainly had no effect (a refused connection, 429, a rejected token) are still sent again.
   */
  readonly resend?: boolean | undefined;
  /**
   * Makes the connections: a pool, proxy or mock of undici 6 to 8. Default: undici's global dispatcher at the time of the
   * call. A `RetryAgent` is refused, for it would print a card twice.
   */
  readonly dispatcher?: DispatcherLike | undefined;
  /** Sends every request instead of undici. It must not retry. */
  readonly fetch?: FetchLike | undefined;
  /** Told of each HTTP attempt when it is over, for logs and traces. What it throws is ignored. */
  readonly onExchange?: OnExchange | undefined;
} & EndpointOptions;

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
  reconcileWindowMs: true,
  resend: true,
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
   * How long a read proves nothing that does not show the work of this call, in milliseconds after the end of the last request in
   * doubt: 0 to 600000. Default: that of the client, 10000.
   *
   * Until the window is over, the call only reads; only a read that began after it can lead to another request or to an error. A
   * longer window protects against a longer lag of Wise's status, and makes a call whose request was lost last longer. `0` trusts
   * the first read.
   */
  readonly reconcileWindowMs?: number | undefined;
  /**
   * Whether a request may be sent again after one in doubt, once a read shows that nothing came of it. Default: that of the
   * client, `true`.
   *
   * With `false`, a call whose request is in doubt only reads, and rejects with `mayHaveTakenEffect: true` if no read shows its
   * work until the reconcile window is over. Requests that certainly had no effect are still sent again.
   */
  readonly resend?: boolean | undefined;
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
  reconcileWindowMs: true,
  resend: true,
  correlationId: true,
  token: true,
};
