import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { pause } from "./pause.js";
import type { SimulatedRequest } from "./simulated-http.js";
import type { SimulatorCore } from "./simulator-core.js";

/** A simulator on a port of this machine. */
export interface LoopbackServer {
  /** As in `http://127.0.0.1:49152`. */
  readonly url: string;
  /** Drops all connections and closes the port. Calling it again does nothing. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** The door for anything that speaks HTTP: opens a port on 127.0.0.1. */
export async function openLoopbackServer(core: SimulatorCore): Promise<LoopbackServer> {
  const server = createServer((request, response) => {
    answer(core, request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const close = () => closeServer(server);
  return { url: `http://127.0.0.1:${port}`, close, [Symbol.asyncDispose]: close };
}

async function answer(core: SimulatorCore, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const { status, headers, body } = core.receive(await requestOf(incoming));
  if (core.latencyMs > 0) await pause(core.latencyMs, undefined);
  // Each request comes on a connection of its own, so that a port that is closed refuses the very next one.
  outgoing.writeHead(status, { ...headers, "content-length": Buffer.byteLength(body), connection: "close" }).end(body);
}

async function requestOf(incoming: IncomingMessage): Promise<SimulatedRequest> {
  const headers = Object.entries(incoming.headers).map(([name, value]) => [name, [value].flat().join(", ")]);
  return {
    method: incoming.method ?? "",
    path: incoming.url ?? "",
    headers: Object.fromEntries(headers),
    body: await text(incoming),
  };
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
