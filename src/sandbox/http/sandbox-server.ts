import { once, setMaxListeners } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { formatUrl, listenFailure } from "../../testing/adapters/listen-options.js";
import { hideSecrets } from "../../testing/api/hide-secrets.js";
import { ControlProblem } from "../control/control-problem.js";
import { CONTROL_PREFIX, WITHOUT_TOKEN } from "../control/control-routes.js";
import { handleControlRequest } from "../control/handle-control-request.js";
import { openApiDocument } from "../control/openapi-document.js";
import type { Sandbox } from "../state/sandbox.js";
import { sendJson, sendProblem } from "./json-responses.js";
import { isCertainlyLoopback } from "./loopback-names.js";
import { sendPage } from "./page-response.js";
import { readText } from "./read-text.js";
import { missingToken, type Refusal, refusedCaller } from "./refused-caller.js";
import { streamState } from "./state-stream.js";
import { respondAsWise, type WiseExchange } from "./wise-exchange.js";

/** What a server needs besides a sandbox. */
export interface ServerOptions {
  readonly host: string;
  readonly port: number;
  /** The HTML of the page. */
  readonly page: string;
  /** Called with every request to Wise's API, after its response. */
  readonly onExchange: (exchange: WiseExchange) => void;
  /** Called when a request to Wise's API or for the page is refused, once for each of the first {@link MOST_REFUSALS} reasons. */
  readonly onRefusal: (refusal: Refusal) => void;
}

/** A server that is listening. */
export interface SandboxServer {
  readonly url: string;
  /** Ends the event streams, drops all other connections and closes the port. */
  close(): Promise<void>;
}

/** How long a client may take to read the end of its event stream when the server closes. */
const LONGEST_FAREWELL_MS = 500;

/** A page of another origin may send any number of requests, each with another reason. */
const MOST_REFUSALS = 20;

/**
 * Opens the port of a sandbox: Wise's API, the control API and the page.
 *
 * @throws {KioskArgumentError} if the port is in use or needs more privileges, or the host is not an address of this machine.
 */
export async function openSandboxServer(sandbox: Sandbox, options: ServerOptions): Promise<SandboxServer> {
  const closing = new AbortController();
  const streams = new Set<ServerResponse>();
  const isOpen = !isCertainlyLoopback(options.host);
  const refusals = new Set<string>();
  const reportOnce = ({ status, message }: ControlProblem) => {
    const detail = hideSecrets(message);
    if (refusals.size === MOST_REFUSALS || refusals.has(detail)) return;
    refusals.add(detail);
    options.onRefusal({ at: sandbox.core.now.toISOString(), httpStatus: status, detail });
  };
  const server = createServer((incoming, outgoing) => {
    respond(sandbox, incoming, outgoing, { ...options, isOpen, streams, closing: closing.signal }).catch((error) => {
      if (outgoing.headersSent || closing.signal.aborted) return outgoing.destroy();
      if (error instanceof ControlProblem && !String(incoming.url).startsWith(CONTROL_PREFIX)) reportOnce(error);
      return sendProblem(outgoing, error);
    });
  });
  const { host, port } = options;
  await once(server.listen({ host, port }), "listening").catch((error) => {
    throw listenFailure(error, { host, port });
  });
  return {
    url: formatUrl({ host, port: (server.address() as AddressInfo).port }),
    async close() {
      const closed = once(server, "close");
      server.close();
      const signal = AbortSignal.timeout(LONGEST_FAREWELL_MS);
      // Node.js takes more than ten streams for a leak.
      setMaxListeners(0, signal);
      const ended = [...streams].map((stream) => once(stream, "close", { signal }));
      closing.abort();
      await Promise.allSettled(ended);
      server.closeAllConnections();
      await closed;
    },
  };
}

interface RespondOptions extends Pick<ServerOptions, "page" | "onExchange"> {
  readonly isOpen: boolean;
  /** The event streams that have not ended. */
  readonly streams: Set<ServerResponse>;
  readonly closing: AbortSignal;
}

async function respond(
  sandbox: Sandbox,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { page, onExchange, isOpen, streams, closing }: RespondOptions,
): Promise<void> {
  const { method = "", url: target = "", headers } = incoming;
  const [path = "", ...query] = target.split("?");
  const refusal = refusedCaller(headers, path, isOpen, (text) => sandbox.credentials.hideToken(text));
  if (refusal !== undefined) throw refusal;
  if (path === "/") {
    if (method !== "GET" && method !== "HEAD")
      throw new ControlProblem(405, "The page allows only GET.", { allow: "GET" });
    return sendPage(outgoing, page);
  }
  if (path !== CONTROL_PREFIX && !path.startsWith(`${CONTROL_PREFIX}/`)) {
    const exchange = await respondAsWise(sandbox, incoming, outgoing, await readText(incoming), closing);
    return onExchange(exchange);
  }
  const withoutToken = isOpen && !WITHOUT_TOKEN.has(path) ? missingToken(headers, sandbox.core.token) : undefined;
  if (withoutToken !== undefined) throw withoutToken;
  if (method === "GET" && path === `${CONTROL_PREFIX}/events`) {
    streams.add(outgoing);
    outgoing.on("close", () => streams.delete(outgoing));
    return streamState(sandbox, outgoing, closing);
  }
  if (method === "GET" && path === `${CONTROL_PREFIX}/openapi.json`) return sendJson(outgoing, 200, openApiDocument());
  const { status, body } = handleControlRequest(sandbox, {
    method,
    path: path.slice(CONTROL_PREFIX.length),
    query: new URLSearchParams(query.join("?")),
    body: await readText(incoming),
  });
  sendJson(outgoing, status, body);
}
