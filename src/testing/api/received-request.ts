import type { SimulatedOperation } from "../../production/operation.js";
import { DEEPEST_LEVEL, isDeeperThan } from "../../text/nesting.js";
import { parseJson } from "../../text/parse-json.js";
import type { Fault } from "../faults/fault.js";
import { type ConnectionOutcome, sentResponse } from "./connection-outcome.js";
import { findPathname, findRoute } from "./find-route.js";
import type { SimulatedRequest, SimulatedResponse } from "./simulated-http.js";

/** A request that reached the simulator, and its outcome. It is plain, JSON-safe data without credentials. */
export interface ReceivedRequest {
  /** When the request arrived, by the simulator's clock, in ISO 8601 with milliseconds. */
  readonly at: string;
  /** The requested operation; `undefined` if Wise has no such path or method. */
  readonly operation: SimulatedOperation | undefined;
  /** The HTTP method. */
  readonly method: string;
  /** The path as it was sent: percent-encoded, with its query if it has one, except credentials. */
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

/** Matches the paths of requests for a token, also those that Wise does not have. Clients may have such a path by mistake. */
const TOKEN_LIKE_PATH = /\/oauth\/token\/*$/i;

/** The fields with credentials of requests and responses of the token endpoint, up to the value. */
const FIELDS = "(?:access_token|refresh_token|client_secret)";
const FORM_VALUES = new RegExp(`((?:^|[?&])${FIELDS}=)[^&#]*`, "g");
const JSON_VALUES = new RegExp(String.raw`("${FIELDS}"\s*:\s*")(?:[^"\\]|\\.)*`, "g");

/** Returns the record of a request: everything except its credentials. */
export function receivedRequest(
  request: SimulatedRequest,
  { at, outcome, fault, tookEffect }: RequestResult,
): ReceivedRequest {
  const { method } = request;
  const headers = Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  const isForToken = isTokenLike(request.path);
  const response = sentResponse(outcome);
  return {
    at: at.toISOString(),
    operation: findOperation(request),
    method,
    path: toShownPath(request.path),
    headers: Object.fromEntries(headers.filter(([name]) => !CREDENTIALS.has(name))),
    body: request.body === "" ? undefined : toRecordedBody(request.body, isForToken),
    response: isForToken && response !== undefined ? { ...response, body: hideCredentials(response.body) } : response,
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

/** Returns a path as it may be shown: without the credentials that a request for a token may have in its query. */
export function toShownPath(path: string): string {
  return isTokenLike(path) ? path.replace(/[?#].*/s, "?[hidden]") : hideCredentials(path);
}

function isTokenLike(path: string): boolean {
  return TOKEN_LIKE_PATH.test(findPathname(path));
}

/** Returns what is recorded of the body of a request for a token: its grant type. */
function findGrantType(body: string): string {
  return `grant_type=${new URLSearchParams(body).get("grant_type") ?? ""}`;
}

/** Returns a form, a query or JSON without credentials, even if it is cut off. */
function hideCredentials(text: string): string {
  return text.replace(FORM_VALUES, "$1[hidden]").replace(JSON_VALUES, "$1[hidden]");
}

function toRecordedBody(text: string, isForToken: boolean): unknown {
  if (isForToken) return findGrantType(text);
  const shown = hideCredentials(text);
  const parsed = parseJson(shown);
  return parsed === undefined || isDeeperThan(DEEPEST_LEVEL, parsed) ? shown : parsed;
}
