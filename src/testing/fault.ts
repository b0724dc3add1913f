import type { KioskOperation } from "./kiosk-operation.js";

/** An answer instead of the one that the simulator would give. */
export interface FaultyAnswer {
  /** 200 to 599. */
  readonly httpStatus: number;
  /** Beside, or instead of, those that are always sent. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Sent as JSON; a string is sent as it is. Left out: an empty body that calls itself JSON. */
  readonly body?: unknown;
}

/**
 * What goes wrong.
 *
 * - {@link FaultyAnswer}: another answer arrives.
 * - `connection-refused`: no connection is made; not a byte of the request leaves.
 * - `connection-reset`: the connection is reset after the request was sent.
 * - `lost-response`: the request takes effect, and the connection ends without an answer.
 * - `timeout`: no answer arrives, and the connection stays open until the caller gives up.
 * - `malformed-json`: the answer arrives, but its body breaks off in the middle, as if it ended there.
 * - `truncated-body`: the connection ends in the middle of the answer's body.
 */
export type Fault =
  | FaultyAnswer
  | "connection-refused"
  | "connection-reset"
  | "lost-response"
  | "timeout"
  | "malformed-json"
  | "truncated-body";

/** What to inject. */
export interface FaultInjection {
  readonly fault: Fault;
  /** Only into requests for this operation. Default: into any. */
  readonly operation?: KioskOperation | undefined;
  /** Into how many requests: a positive integer, or `Infinity` until it is removed. Default: 1. */
  readonly times?: number | undefined;
  /**
   * Whether the request takes effect all the same, as one may that is answered 504 by a gateway. Default: `true` for
   * `lost-response`, `malformed-json` and `truncated-body`, else `false`. A request whose connection is refused never does.
   */
  readonly takesEffect?: boolean | undefined;
}

/** A fault that waits for its requests. */
export interface InjectedFault {
  /** For how many more requests it waits. */
  readonly remaining: number;
  /** Takes it away. */
  remove(): void;
}
