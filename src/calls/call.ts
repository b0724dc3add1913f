import type { Operation } from "../production/operation.js";
import type { Clock } from "../time/clock.js";
import type { Deadline } from "../time/deadline.js";
import type { TokenProvider } from "../tokens/token-provider.js";
import type { HttpRequest, Transport } from "../transport/http-message.js";
import type { OnExchange } from "./exchange.js";
import type { ReconcilePolicy } from "./reconciliation.js";

/** One call of a method of the client, with its options settled. */
export interface Call {
  readonly operation: Operation;
  readonly profileId: string;
  readonly token: string | TokenProvider;
  readonly transport: Transport;
  readonly correlationId: string;
  /** Measures the time of this call; it counts the timers of its waits and attempts, which follow one another. */
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly deadline: Deadline | undefined;
  readonly maxRetries: number;
  readonly reconcile: Pick<ReconcilePolicy, "reconcileWindowMs" | "resend">;
  readonly signal: AbortSignal | undefined;
  readonly onExchange: OnExchange | undefined;
}

/** A request of a call, without what is the same for all of its requests. */
export interface CallRequest {
  readonly method: HttpRequest["method"];
  readonly origin: string;
  readonly path: string;
  /** The path with its parameters as names. */
  readonly route: string;
  /** What is sent as JSON. */
  readonly body?: unknown;
}
