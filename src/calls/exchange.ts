import type { KioskErrorCode } from "../errors/any-kiosk-error.js";
import type { Operation } from "../production/operation.js";
import { onRejection } from "../transport/on-rejection.js";

/** One HTTP attempt, as told to `onExchange`. It holds no token, no id of a profile or card, and no body. */
export interface Exchange {
  /** The method of the client that was called; `refreshToken` for the refresh of a token. */
  readonly operation: Operation | "refreshToken";
  /** `call`: the request itself; `reconcile`: a read that finds out what became of it; `refresh`: the refresh of a token. */
  readonly purpose: "call" | "reconcile" | "refresh";
  readonly method: "GET" | "PUT" | "POST";
  /** The path with its parameters as names, as in `/v3/spend/profiles/{profileId}/cards/{cardToken}/production`. */
  readonly route: string;
  /** The number of the attempt within its call, reads included, from 1. */
  readonly attempt: number;
  /** The HTTP status, where there was an answer. */
  readonly httpStatus?: number;
  /** The code of the error that the attempt amounts to, where it does; `ABORTED` where the caller's signal ended it. */
  readonly error?: KioskErrorCode | "ABORTED";
  /** From sending the request to the last byte of the answer, in milliseconds. */
  readonly durationMs: number;
  /** What was sent as `X-External-Correlation-Id`. */
  readonly correlationId: string;
  /** What Wise sent as `x-trace-id`. */
  readonly traceId?: string;
  /** Set where another attempt of the call follows: the wait before it, in milliseconds. */
  readonly retryInMs?: number;
}

/** Called after each HTTP attempt. What it throws is ignored. */
export type OnExchange = (exchange: Exchange) => void;

/** Tells of an exchange. A listener's failure is not the call's. */
export function notifyExchange(onExchange: OnExchange | undefined, exchange: Exchange): void {
  onRejection(
    () => onExchange?.(exchange),
    () => {},
  );
}
