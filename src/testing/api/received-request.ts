import type { SimulatedOperation } from "../../production/operation.js";
import { DEEPEST_LEVEL, isDeeperThan } from "../../text/nesting.js";
import { parseJson } from "../../text/parse-json.js";
import type { Fault } from "../faults/fault.js";
import { type ConnectionOutcome, sentResponse } from "./connection-outcome.js";
import { findPathname, findRoute } from "./find-route.js";
import { hideSecrets } from "./hide-secrets.js";
import type { SimulatedRequest, SimulatedResponse } from "./simulated-http.js";

/** A request that reached the simulator, and its outcome. It is plain, JSON-safe data with `[hidden]` in place of credentials. */
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

/**
 * Returns the record of a request: everything except its credentials.
 *
 * @param keep returns what is kept of a body. By default, a response is kept as it was sent.
 */
export function receivedRequest(
  request: SimulatedRequest,
  { at, outcome, fault, tookEffect }: RequestResult,
  keep = (text: string, isResponse?: boolean) => (isResponse ? text : hideSecrets(text)),
): ReceivedRequest {
  const { method, path, body } = request;
  const headers = Object.entries(request.headers).map(
    ([name, value]) => [name.toLowerCase(), hideSecrets(value)] as const,
  );
  const isForToken = isTokenLike(path);
  const response = sentResponse(outcome);
  return {
    at: at.toISOString(),
    operation: findOperation(request),
    method,
    path: toShownPath(path),
    headers: Object.fromEntries(headers.filter(([name]) => !CREDENTIALS.has(name))),
    body: body === "" ? undefined : isForToken ? keep(findGrantType(body)) : toRecordedBody(keep(body)),
    response: response && {
      ...response,
      body: keep(isForToken ? hideSecrets(response.body, true) : response.body, true),
    },
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
  return hideSecrets(isTokenLike(path) ? path.replace(/[?#].*/s, "?[hidden]") : path);
}

function isTokenLike(path: string): boolean {
  return TOKEN_LIKE_PATH.test(findPathname(path));
}

/** Returns what is recorded of the body of a request for a token: its grant type. */
function findGrantType(body: string): string {
  return `grant_type=${new URLSearchParams(body).get("grant_type") ?? ""}`;
}

function toRecordedBody(text: string): unknown {
  const parsed = parseJson(text);
  return parsed === undefined || isDeeperThan(DEEPEST_LEVEL, parsed) ? text : parsed;
}
