import { text } from "node:stream/consumers";
import { toBytes } from "../../text/bytes.js";
import { pause, untilAborted } from "../../time/wait.js";
import { namesAndValues } from "../../transport/header-map.js";
import { loadUndici } from "../../transport/load-undici.js";
import { truncateBody } from "../api/connection-outcome.js";
import { isSimulatedPath, isTokenPath, nearestRoute } from "../api/find-route.js";
import { findOperation, toShownPath } from "../api/received-request.js";
import type { SimulatorCore } from "../simulator/simulator-core.js";
import type { ControlledHandler, LegacyHandler } from "./controlled-handler.js";
import { DispatchExchange } from "./dispatch-exchange.js";
import { bodyCutOff, connectionEnded, connectionRefused, connectionReset, headersTimeout } from "./network-errors.js";

/** The options of an undici `dispatch` that the simulator reads. */
interface DispatchOptions {
  readonly origin?: string | URL | undefined;
  readonly path: string;
  readonly method: string;
  readonly headers?: unknown;
  readonly body?: unknown;
  readonly headersTimeout?: number | null | undefined;
}

/** Sends the requests that the simulator does not handle. */
interface Network {
  dispatch(options: object, handler: object): boolean;
}

type Dispatch = (options: DispatchOptions, handler: ControlledHandler | LegacyHandler) => boolean;

/** undici's default `headersTimeout`. */
const HEADERS_TIMEOUT_MS = 300_000;

/** Creates the adapter for undici: a dispatcher for both handler interfaces, with the same events in the same order as undici. */
export function createSimulatorDispatcher(core: SimulatorCore): { dispatch: Dispatch } {
  let network: Promise<Network> | undefined;
  return {
    dispatch(options, handler) {
      const exchange = new DispatchExchange(handler);
      const work = async () => {
        // The handler must not be called before `dispatch` has returned.
        await null;
        const request = await withReadGrant(options);
        if (core.onUnhandledRequest !== "bypass" || isSimulatedPath(request.path, request.body)) {
          return dispatchToSimulator(core, request, exchange);
        }
        network ??= openNetwork();
        (await network).dispatch(request, handler);
      };
      work().catch((error) => exchange.fail(error));
      return true;
    },
  };
}

/** Reads the body of a request to the token endpoint, if it is not text yet: it says whether the simulator handles the request. */
async function withReadGrant(options: DispatchOptions): Promise<DispatchOptions> {
  return isTokenPath(options.path) ? { ...options, body: await readText(options.body) } : options;
}

async function dispatchToSimulator(
  core: SimulatorCore,
  options: DispatchOptions,
  exchange: DispatchExchange,
): Promise<void> {
  const { method, path, origin } = options;
  if (!isSimulatedPath(path, options.body)) throw unhandledRequest(options);
  const matched = core.faults.take(findOperation(options));
  if (matched?.fault === "connection-refused") throw connectionRefused(String(origin));
  exchange.start();
  const body = await readText(options.body);
  exchange.signal.throwIfAborted();
  const outcome = core.receive({ method, path, headers: toHeaderRecord(options.headers), body }, matched);
  const responseMs = outcome.kind === "no-response" ? Number.POSITIVE_INFINITY : core.latencyMs;
  await waitForHeaders(responseMs, options.headersTimeout ?? HEADERS_TIMEOUT_MS, exchange.signal);
  switch (outcome.kind) {
    case "complete":
      await exchange.respond(outcome.response, outcome.response.body);
      return exchange.end();
    case "truncated":
      await exchange.respond(outcome.response, truncateBody(outcome.response.body));
      throw bodyCutOff();
    case "reset":
      throw connectionReset();
    case "closed":
      throw connectionEnded();
    case "no-response":
  }
}

/**
 * Waits until the connection shows the outcome.
 *
 * @param responseMs `Infinity` if it never does.
 * @param limitMs how long undici waits for response headers: 0 means no limit.
 * @throws {Error} if the time passes, or the exchange is aborted.
 */
async function waitForHeaders(responseMs: number, limitMs: number, signal: AbortSignal): Promise<void> {
  if (limitMs > 0 && limitMs < responseMs) {
    await pause(limitMs, signal);
    throw headersTimeout();
  }
  if (responseMs === Number.POSITIVE_INFINITY) return untilAborted(signal);
  if (responseMs > 0) await pause(responseMs, signal);
}

/** Loads undici only when it is needed: most tests never need it. */
async function openNetwork(): Promise<Network> {
  const Agent = await loadUndici("Agent", { argument: "onUnhandledRequest", fault: "cannot be 'bypass'" });
  const agent: Partial<Network> = new Agent();
  if (agent.dispatch === undefined)
    throw new Error("onUnhandledRequest: 'bypass' needs undici, which this runtime replaces");
  return agent as Network;
}

function unhandledRequest({ method, origin, path }: DispatchOptions): Error {
  const message =
    `${method} ${String(origin)}${toShownPath(path)} is not a request that the simulator knows. ` +
    `The nearest path is ${nearestRoute(path)}. ` +
    "To send such requests to the network, create the simulator with onUnhandledRequest: 'bypass'";
  return Object.assign(new Error(message), { code: "ERR_UNHANDLED_REQUEST" });
}

async function readText(body: unknown): Promise<string> {
  if (body === null || body === undefined) return "";
  if (typeof body === "string") return body;
  const bytes = toBytes(body);
  if (bytes !== undefined) return new TextDecoder().decode(bytes);
  if (isBlob(body)) return body.text();
  return text(body as AsyncIterable<Uint8Array>);
}

/** Recognises a `Blob` by its method, because a test environment may have its own class. */
function isBlob(body: unknown): body is Blob {
  return typeof (body as Partial<Blob>).text === "function";
}

/** Converts header fields from any form that undici accepts: a record, alternating names and values, or pairs. */
function toHeaderRecord(headers: unknown): Record<string, string> {
  const fields = [...toPairs(headers)].filter(([, value]) => value !== undefined);
  return Object.fromEntries(fields.map(([name, value]) => [String(name).toLowerCase(), [value].flat().join(", ")]));
}

function toPairs(headers: unknown): Iterable<readonly [unknown, unknown]> {
  if (typeof headers !== "object" || headers === null) return [];
  if (Array.isArray(headers) && !Array.isArray(headers[0])) return namesAndValues<unknown>(headers);
  return Symbol.iterator in headers ? (headers as Iterable<[unknown, unknown]>) : Object.entries(headers);
}
