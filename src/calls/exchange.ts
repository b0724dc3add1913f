import type { KioskErrorCode } from "../errors/any-kiosk-error.js";
import type { WiseOperation } from "../production/operation.js";
import { onRejection } from "../transport/on-rejection.js";

/** One HTTP attempt, as reported to `onExchange`. It contains no token, no profile or card id, and no body. */
export interface Exchange {
  /**
   * The operation, named after the client method. `refreshToken` is the refresh of a customer's token, and `requestToken` the
   * request for a token of the application itself.
   */
  readonly operation: WiseOperation | "refreshToken" | "requestToken";
  /**
   * `call`: the request itself; `reconcile`: a read that finds out the outcome of a request; `refresh`: a request for a token.
   */
  readonly purpose: "call" | "reconcile" | "refresh";
  /** The HTTP method. */
  readonly method: "GET" | "PUT" | "POST" | "DELETE";
  /** The path template, such as `/v3/spend/profiles/{profileId}/cards/{cardToken}/production`. */
  readonly route: string;
  /**
   * The number of the attempt within its call, from 1. Reads that reconcile a request are counted, too. Within one call of
   * `ensure`, each operation counts from 1.
   */
  readonly attempt: number;
  /** The HTTP status, if there was a complete response. */
  readonly httpStatus?: number;
  /** The code of the error if the attempt failed, or `ABORTED` if the caller's signal ended it. */
  readonly error?: KioskErrorCode | "ABORTED";
  /** The time from sending the request to the last byte of the response, or to the failure, in milliseconds. */
  readonly durationMs: number;
  /** The `X-External-Correlation-Id` that was sent. */
  readonly correlationId: string;
  /** The kiosk that `produceCard` or the intent of `reconcileProduction` names. Absent for other calls. */
  readonly kioskId?: string;
  /** The `x-trace-id` of the response, if it has one. */
  readonly traceId?: string;
  /** The wait before the next attempt of the call, in milliseconds. Absent if no other attempt is planned. */
  readonly retryInMs?: number;
}

/** Called after each HTTP attempt. Its exceptions and rejections are ignored. */
export type OnExchange = (exchange: Exchange) => void;

/** Reports an attempt to `onExchange`. Listener errors are ignored. */
export function notifyExchange(onExchange: OnExchange | undefined, exchange: Exchange): void {
  onRejection(
    () => onExchange?.(exchange),
    () => {},
  );
}
