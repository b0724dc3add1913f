import type { WiseOperation } from "../production/operation.js";
import type { Clock } from "../time/clock.js";
import type { Deadline } from "../time/deadline.js";
import type { TokenSource } from "../tokens/token-source.js";
import type { HttpRequest, Transport } from "../transport/http-message.js";
import type { OnExchange } from "./exchange.js";
import type { ReconcilePolicy } from "./reconciliation.js";
import type { WiseClock } from "./wise-clock.js";

/** One call of a client method, with its options resolved. */
export interface Call {
  /** The operation, named after the client method. */
  readonly operation: WiseOperation;
  /** The kiosk that the call is about, for `onExchange`. `undefined` if the caller did not name one. */
  readonly kioskId?: string | undefined;
  /** Where its tokens come from. A provider is asked for one before each attempt. */
  readonly tokens: TokenSource;
  /** Sends the requests. */
  readonly transport: Transport;
  /** Sent with every request of the call as `X-External-Correlation-Id`. */
  readonly correlationId: string;
  /** Measures the time of this call. It counts the timers of waits and attempts, which never overlap. */
  readonly clock: Clock;
  /** What the client knows of Wise's clock. `undefined` if no one needs it. */
  readonly wiseClock?: WiseClock | undefined;
  /** The time limit of one attempt, in milliseconds, including the wait for the token. */
  readonly timeoutMs: number;
  /** The time limit of the whole call. */
  readonly deadline: Deadline | undefined;
  /** How often a request may be sent again. With 0, the status is not read to reconcile a request. */
  readonly maxRetries: number;
  /** How a request in doubt is reconciled. */
  readonly reconcile: Pick<ReconcilePolicy, "reconcileWindowMs" | "resend">;
  /** The caller's own signal. */
  readonly signal: AbortSignal | undefined;
  /** Called after each HTTP attempt. */
  readonly onExchange: OnExchange | undefined;
}

/** The part of a request that can differ between the requests of a call. */
export interface CallRequest {
  /** The HTTP method. */
  readonly method: HttpRequest["method"];
  /** Scheme, host and port. */
  readonly origin: string;
  /** The path, percent-encoded, without a query. */
  readonly path: string;
  /** The path template, with the names of its parameters. */
  readonly route: string;
  /** The content, which is sent as JSON. */
  readonly body?: unknown;
}
