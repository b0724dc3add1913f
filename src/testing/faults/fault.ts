import type { SimulatedOperation } from "../../production/operation.js";

/** A response that replaces the simulator's own. */
export interface FaultResponse {
  /** The HTTP status: an integer from 200 to 599. With 204, 205 and 304 no body is sent. */
  readonly httpStatus: number;
  /**
   * Header fields to add to those of the simulator, or to replace them if the names are the same. Those of a connection, such as
   * `transfer-encoding`, `trailer` and `content-length`, are left out, and so is `content-encoding`, because the body is sent
   * unencoded: recorded ones can be passed. Default: none.
   */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /**
   * The body: a string is sent unchanged as text, anything else as its JSON, of at most 100 levels of arrays and objects. Default:
   * an empty body with a JSON content type.
   */
  readonly body?: unknown;
}

/**
 * A delay of the request. Its connection is closed without a response, as with `lost-response`, but the request arrives and takes
 * effect only later. Its effect depends on the state of the card at that time. If `acceptsToken` throws, its error is uncaught.
 */
export interface DelayedArrival {
  /**
   * How much later the request arrives, in milliseconds of the simulator's clock: 0 to 2147483647. If the clock is stopped, the
   * request arrives when you move the clock that far.
   */
  readonly arrivesAfterMs: number;
}

/**
 * A fault that the simulator can inject.
 *
 * - {@link FaultResponse}: another response arrives.
 * - {@link DelayedArrival}: the sender gets no response, and the request arrives later.
 * - `connection-refused`: no connection is made, and no byte of the request is sent.
 * - `connection-reset`: the connection is reset after the request was sent.
 * - `lost-response`: the request takes effect, and the connection is closed without a response.
 * - `timeout`: no response arrives, and the connection stays open until the caller gives up.
 * - `malformed-json`: a complete response arrives, but it has only the first half of the body.
 * - `truncated-body`: the connection is closed in the middle of the response body.
 *
 * If the response has no body, the last two are the same as `lost-response`.
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

/** A fault to inject, and the requests that it applies to. */
export interface FaultInjection {
  /** What goes wrong. */
  readonly fault: Fault;
  /** The operation of the requests that the fault applies to. Default: any request. */
  readonly operation?: SimulatedOperation | undefined;
  /** How many requests the fault applies to: a positive integer, or `Infinity` until it is removed. Default: 1. */
  readonly times?: number | undefined;
  /**
   * Whether the request takes effect nevertheless, for example behind a gateway that responds with 504. Default: `true` for
   * `lost-response`, `malformed-json`, `truncated-body` and `{ arrivesAfterMs }`, otherwise `false`. It must not be `true` for
   * `connection-refused`, which sends nothing.
   */
  readonly takesEffect?: boolean | undefined;
}

/** An injected fault. */
export interface InjectedFault {
  /** How many more requests the fault applies to: 0 once it is used up or removed, `Infinity` if it is endless. */
  readonly remaining: number;
  /** Removes the fault. Calling it again does nothing. */
  remove(): void;
}

/** Returns whether a fault delays the request instead of changing the response. */
export function isDelayedArrival(fault: Fault): fault is DelayedArrival {
  return typeof fault === "object" && "arrivesAfterMs" in fault;
}
