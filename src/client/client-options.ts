import type { OptionNames } from "../arguments/parse-options.js";
import type { OnExchange } from "../calls/exchange.js";
import type { ApiVersion } from "../options/api-version.js";
import type { EndpointOptions } from "../options/endpoint-options.js";
import type { SendingOptions } from "../options/sending-options.js";
import type { TokenProvider } from "../tokens/token-provider.js";

/** Options for a {@link WiseKioskClient}. Set `environment`, `baseUrl` or both; `token` is required. */
export type WiseKioskClientOptions = {
  /**
   * Whether `baseUrl` may be plain `http:` on a host other than loopback. The network can then read the access token.
   * Default: `false`.
   */
  readonly allowInsecureHttp?: boolean | undefined;
  /**
   * The version of the Wise API: `'legacy'` for `/v3/spend/…`, or a quarter such as `'2026Q3'` for `/2026Q3/spend/…`.
   * Default: `'legacy'`.
   */
  readonly apiVersion?: ApiVersion | undefined;
  /**
   * The user's access token, without `Bearer`, or a function that returns one for each customer. The function is called before
   * every attempt. Required.
   */
  readonly token: string | TokenProvider;
  /**
   * The time limit for one attempt, from requesting the token to the last byte of the response, in milliseconds: 1 to
   * 2147483647. Default: 30000.
   */
  readonly timeoutMs?: number | undefined;
  /**
   * The time limit for a whole call, including its attempts, waits and reads, in milliseconds: 1 to 2147483647. Once it has
   * passed, the call rejects with a `KioskTimeoutError`. Default: none.
   */
  readonly deadlineMs?: number | undefined;
  /**
   * How often a call may resend its request if that is safe: an integer from 0 to 10. One more attempt with a new token after
   * a 401 does not count. `waitForProduction` and `watchProduction` apply the limit to each read. Default: 2.
   *
   * `0` means exactly one request: the client does not retry, not even with a new token, and does not read the status to
   * reconcile a request in doubt.
   */
  readonly maxRetries?: number | undefined;
  /**
   * The length of the reconcile window, which begins when the last request in doubt ends, in milliseconds: 0 to 600000.
   * Default: 10000.
   *
   * A request is in doubt if its outcome is unknown. Wise's status may lag behind the kiosk, and a request may arrive after its
   * sender gave up, so within the window a read proves nothing unless it shows an effect of the call. The client only reads:
   * after 0.25 s, then at intervals that grow to 3 s. The call resolves as soon as a read shows an effect of it. No other state
   * that is read within the window causes another request or an error. One call starts at most one print as long as the
   * lag of a read and the delay of a request together do not exceed the window.
   *
   * A longer window tolerates a longer lag, but a call takes longer if its request was lost. `0` trusts the first read: use it
   * for tests against a simulator without lag.
   */
  readonly reconcileWindowMs?: number | undefined;
  /**
   * Whether a call may resend a request in doubt once a read shows that it had no effect. Default: `true`.
   *
   * With `false`, the call only reads while a request is in doubt. If no read shows an effect of the call by the end of the
   * reconcile window, it rejects with the error of that request, `mayHaveTakenEffect: true` and `productionAfter`. Then no lag
   * or delay, however long, can make one call print a second card, but you must repeat the call yourself if its request was
   * lost. Requests that certainly had no effect (a refused connection, 429, a rejected token) are still resent.
   */
  readonly resend?: boolean | undefined;
  /**
   * Called after each HTTP attempt, for logs and traces. It is not awaited, and errors that it throws are ignored. Default:
   * none.
   */
  readonly onExchange?: OnExchange | undefined;
} & SendingOptions &
  EndpointOptions;

/** The names of all {@link WiseKioskClientOptions}. */
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

/** Options for one call. They take precedence over the options of the client. */
export interface CallOptions {
  /**
   * Aborts the call at any point: it immediately rejects with `signal.reason`. A request that was already sent may still take
   * effect, so read the status before you produce the card again. Default: none.
   */
  readonly signal?: AbortSignal | undefined;
  /**
   * The time limit for one attempt, from requesting the token to the last byte of the response, in milliseconds: 1 to
   * 2147483647. Default: the value of the client, 30000 unless set.
   */
  readonly timeoutMs?: number | undefined;
  /**
   * The time limit for this whole call, including its attempts, waits and reads, in milliseconds: 1 to 2147483647. Once it has
   * passed, the call rejects with a `KioskTimeoutError`. Default: the value of the client, no limit unless set.
   */
  readonly deadlineMs?: number | undefined;
  /**
   * How often this call may resend its request if that is safe: an integer from 0 to 10. `0` means exactly one request and no
   * read. Default: the value of the client, 2 unless set.
   */
  readonly maxRetries?: number | undefined;
  /**
   * The length of the reconcile window, which begins when the last request in doubt ends, in milliseconds: 0 to 600000.
   * Default: the value of the client, 10000 unless set.
   *
   * A request is in doubt if its outcome is unknown. Within the window, the call only reads, and resolves as soon as a read
   * shows an effect of it. No other state that is read within the window causes another request or an error. A longer
   * window tolerates a longer lag of Wise's status, but the call takes longer if its request was lost. `0` trusts the first read.
   */
  readonly reconcileWindowMs?: number | undefined;
  /**
   * Whether this call may resend a request in doubt once a read shows that it had no effect. Default: the value of the client,
   * `true` unless set.
   *
   * With `false`, the call only reads while a request is in doubt. If no read shows an effect of the call by the end of the
   * reconcile window, it rejects with `mayHaveTakenEffect: true`. Requests that certainly had no effect are still resent.
   */
  readonly resend?: boolean | undefined;
  /**
   * The correlation id, sent as `X-External-Correlation-Id` with every attempt of the call: 1 to 36 visible ASCII characters,
   * without personal data. Default: a random UUID for each call.
   *
   * @see https://docs.wise.com/guides/developer/headers/correlation-id
   */
  readonly correlationId?: string | undefined;
  /**
   * The user's access token for this call, without `Bearer`, or a function that returns one for each customer. Default: the
   * `token` of the client.
   */
  readonly token?: string | TokenProvider | undefined;
}

/** The names of all {@link CallOptions}. */
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
