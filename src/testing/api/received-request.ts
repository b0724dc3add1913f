import type { SimulatedOperation } from "../../production/operation.js";
import { DEEPEST_LEVEL, isDeeperThan } from "../../text/nesting.js";
import { parseJson } from "../../text/parse-json.js";
import type { Fault } from "../faults/fault.js";
import { type ConnectionOutcome, sentResponse } from "./connection-outcome.js";
import { findRoute } from "./find-route.js";
import type { SimulatedRequest, SimulatedResponse } from "./simulated-http.js";

/** A request that reached the simulator, and its outcome. It is plain, JSON-safe data without credentials. */
export interface ReceivedRequest {
  /** When the request arrived, by the simulator's clock, in ISO 8601 with milliseconds. */
  readonly at: string;
  /** The requested operation; `undefined` if Wise has no such path or method. */
  readonly operation: SimulatedOperation | undefined;
  /** The HTTP method. */
  readonly method: string;
  /** The path as it was sent: percent-encoded, with its query if it has one. */
  readonly path: string;
  /** The header fields by lower-case name, without those that contain credentials. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body: parsed if it is JSON of at most 100 levels, otherwise the text; `undefined` if there was none. */
  readonly body: unknown;
  /**
   * The response, whether or not the sender still waited for it. If it was cut off, only the part that was sent. `undefined` if
   * nothing was sent; `fault` then says why.
   */
  readonly response: SimulatedResponse | undefined;
  /** The fault that the request consumed, as it was injected; `undefined` if none. */
  readonly fault: Fault | undefined;
  /**
   * Whether the request changed something: it started or ended a production, created or deleted a subscription, queued a test
   * notification, or issued a token. A refusal changes nothing.
   */
  readonly tookEffect: boolean;
}

/** The outcome of a request. */
export interface RequestResult {
  /** When the request arrived, by the simulator's clock. */
  readonly at: Date;
  readonly outcome: ConnectionOutcome;
  readonly fault: Fault | undefined;
  readonly tookEffect: boolean;
  /** Whether the simulator refuses the token or the secret of the request, whatever the fault shows. */
  readonly isUnauthorized: boolean;
}

const CREDENTIALS: ReadonlySet<string> = new Set(["authorization", "proxy-authorization", "cookie"]);

/** The fields with credentials in the bodies of the token endpoint. */
const TOKEN_FIELDS = ["access_token", "refresh_token"] as const;

/** Returns the record of a request: everything except its credentials. */
export function receivedRequest(
  request: SimulatedRequest,
  { at, outcome, fault, tookEffect }: RequestResult,
): ReceivedRequest {
  const { method, path } = request;
  const headers = Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  const operation = findOperation(request);
  const isForToken = operation === "requestToken";
  const response = sentResponse(outcome);
  return {
    at: at.toISOString(),
    operation,
    method,
    path,
    headers: Object.fromEntries(headers.filter(([name]) => !CREDENTIALS.has(name))),
    body: request.body === "" ? undefined : toRecordedBody(request.body, isForToken),
    response: isForToken && response !== undefined ? { ...response, body: hideTokens(response.body) } : response,
    fault,
    tookEffect,
  };
}

/** Returns the operation of a request, or `undefined` if Wise has no such path or method. */
export function findOperation({
  method,
  path,
}: Pick<SimulatedRequest, "method" | "path">): SimulatedOperation | undefined {
  return findRoute(path)?.operations[method];
}

/** Returns what is recorded of the body of a request for a token: its grant type. */
function findGrantType(body: string): string {
  return `grant_type=${new URLSearchParams(body).get("grant_type") ?? ""}`;
}

/** Returns the body of the token endpoint without tokens, even if it is cut off. */
function hideTokens(body: string): string {
  return TOKEN_FIELDS.reduce(
    (text, field) => text.replace(new RegExp(`("${field}"\\s*:\\s*")[^"]*`), "$1[hidden]"),
    body,
  );
}

function toRecordedBody(text: string, isForToken: boolean): unknown {
  if (isForToken) return findGrantType(text);
  const parsed = parseJson(text);
  return parsed === undefined || isDeeperThan(DEEPEST_LEVEL, parsed) ? text : parsed;
}
