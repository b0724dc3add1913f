import type { Operation } from "../../production/operation.js";

/** A response instead of the one that the simulator would send. */
export interface FaultResponse {
  /** The HTTP status: an integer from 200 to 599. */
  readonly httpStatus: number;
  /** Header fields beside those that the simulator always sends, or instead of them. Default: none. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** The body. It is sent as JSON, and a string as it is. Default: an empty body that calls itself JSON. */
  readonly body?: unknown;
}

/**
 * A request that arrives late. Its connection ends without a response, as with `lost-response`; the request itself is on its
 * way, and only arrives and takes effect after that time. It is judged by the state of its card at its arrival.
 */
export interface DelayedArrival {
  /**
   * How much later the request arrives, in milliseconds of the simulator's clock: 0 to 2147483647. If the clock stands,
   * `advanceTime` lets it arrive.
   */
  readonly arrivesAfterMs: number;
}

/**
 * What goes wrong.
 *
 * - {@link FaultResponse}: another response arrives.
 * - {@link DelayedArrival}: the sender gets no response, and the request arrives later.
 * - `connection-refused`: no connection is made; not a byte of the request leaves.
 * - `connection-reset`: the connection is reset after the request was sent.
 * - `lost-response`: the request takes effect, and the connection ends without a response.
 * - `timeout`: no response arrives, and the connection stays open until the caller gives up.
 * - `malformed-json`: the response arrives, but its body breaks off in the middle, as if it ended there.
 * - `truncated-body`: the connection ends in the middle of the response body.
 */
export type Fault =
  | FaultResponse
  | DelayedArrival
  | "connection-refused"
  | "connection-reset"
  | "lost-response"
  | "timeout"
  | "malformed-json"
  | "truncated-body";

/** A fault to inject, and the requests that are to meet it. */
export interface FaultInjection {
  /** What goes wrong. */
  readonly fault: Fault;
  /** The operation whose requests meet the fault. Default: any request. */
  readonly operation?: Operation | undefined;
  /** How many requests meet the fault: a positive integer, or `Infinity` until it is removed. Default: 1. */
  readonly times?: number | undefined;
  /**
   * Whether the request takes effect nevertheless, as one may that a gateway answers with 504. Default: `true` for
   * `lost-response`, `malformed-json`, `truncated-body` and `{ arrivesAfterMs }`, else `false`. A request whose connection is
   * refused never takes effect.
   */
  readonly takesEffect?: boolean | undefined;
}

/** A fault that waits for its requests. */
export interface InjectedFault {
  /** How many more requests will meet the fault: 0 once it is over, `Infinity` if it is endless. */
  readonly remaining: number;
  /** Removes the fault. Calling it again does nothing. */
  remove(): void;
}

/** Whether a fault delays the request instead of changing the response. */
export function isDelayedArrival(fault: Fault): fault is DelayedArrival {
  return typeof fault === "object" && "arrivesAfterMs" in fault && fault.arrivesAfterMs !== undefined;
}
