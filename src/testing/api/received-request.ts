import type { Operation } from "../../production/operation.js";
import { parseJson } from "../../text/parse-json.js";
import type { Fault } from "../faults/fault.js";
import { type ConnectionOutcome, sentResponse } from "./connection-outcome.js";
import { findRoute } from "./find-route.js";
import type { SimulatedRequest, SimulatedResponse } from "./simulated-http.js";

/** A request that reached the simulator, and what came of it. Plain data that JSON can hold, without the token. */
export interface ReceivedRequest {
  /** When the request arrived, by the simulator's clock, in ISO 8601 with milliseconds. */
  readonly at: string;
  /** The operation that was asked for; `undefined` if the path or the method is not one of Wise's. */
  readonly operation: Operation | undefined;
  /** The HTTP method. */
  readonly method: string;
  /** The path as it was sent, percent-encoded, with its query if it has one. */
  readonly path: string;
  /** The header fields by lower-case name, without those that hold credentials. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body: parsed if it is JSON, else the text; `undefined` if there was none. */
  readonly body: unknown;
  /**
   * What was sent in response, whether or not the sender still waited for it. Of a response that was cut off it is the part that
   * was sent; `undefined` if nothing was: the connection ended, or stayed silent, as `fault` says.
   */
  readonly response: SimulatedResponse | undefined;
  /** The fault that the request met, as it was injected; `undefined` if none. */
  readonly fault: Fault | undefined;
  /** Whether the request changed the status of its card: whether a production began or ended by it. A refusal changes nothing. */
  readonly tookEffect: boolean;
}

/** What came of a request. */
export interface RequestResult {
  readonly at: Date;
  readonly outcome: ConnectionOutcome;
  readonly fault: Fault | undefined;
  readonly tookEffect: boolean;
}

const CREDENTIALS: ReadonlySet<string> = new Set(["authorization", "proxy-authorization", "cookie"]);

/** What is kept of a request: all but its credentials. */
export function receivedRequest(
  request: SimulatedRequest,
  { at, outcome, fault, tookEffect }: RequestResult,
): ReceivedRequest {
  const { method, path } = request;
  const headers = Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  return {
    at: at.toISOString(),
    operation: findOperation(request),
    method,
    path,
    headers: Object.fromEntries(headers.filter(([name]) => !CREDENTIALS.has(name))),
    body: parseReceivedBody(request.body),
    response: sentResponse(outcome),
    fault,
    tookEffect,
  };
}

/** The operation that a request asks for. */
export function findOperation({ method, path }: Pick<SimulatedRequest, "method" | "path">): Operation | undefined {
  return findRoute(path)?.operations[method];
}

function parseReceivedBody(text: string): unknown {
  if (text === "") return undefined;
  const parsed = parseJson(text);
  return parsed === undefined ? text : parsed;
}
