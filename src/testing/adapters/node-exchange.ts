import type { IncomingMessage, ServerResponse } from "node:http";
import { type ConnectionOutcome, truncateBody } from "../api/connection-outcome.js";
import { WITHOUT_BODY } from "../api/json-response.js";
import type { SimulatedRequest, SimulatedResponse } from "../api/simulated-http.js";

/** Converts a request of `node:http` whose body has been read. */
export function toSimulatedRequest(incoming: IncomingMessage, body: string): SimulatedRequest {
  const headers = Object.entries(incoming.headers).map(([name, value]) => [name, [value].flat().join(", ")]);
  return { method: incoming.method ?? "", path: incoming.url ?? "", headers: Object.fromEntries(headers), body };
}

/** Shows the caller the outcome of its request: a response, a part of one, or none. */
export function sendOutcome(outcome: ConnectionOutcome, outgoing: ServerResponse): void {
  switch (outcome.kind) {
    case "complete":
      writeHead(outgoing, outcome.response).end(outcome.response.body);
      return;
    case "truncated":
      writeHead(outgoing, outcome.response).write(truncateBody(outcome.response.body), () => outgoing.destroy());
      return;
    case "reset":
      outgoing.req.socket.resetAndDestroy();
      return;
    case "closed":
      outgoing.req.socket.destroy();
      return;
    case "no-response":
  }
}

/** Writes the head of a response. Every response closes its connection, so that a closed port refuses the very next request. */
function writeHead(outgoing: ServerResponse, { status, headers, body }: SimulatedResponse): ServerResponse {
  const length =
    WITHOUT_BODY.has(status) || outgoing.req.method === "HEAD" ? {} : { "content-length": Buffer.byteLength(body) };
  return outgoing.writeHead(status, { ...headers, ...length, connection: "close" });
}
