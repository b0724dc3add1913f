import type { IncomingMessage, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { WITHOUT_BODY } from "./json-response.js";
import { LoopbackPort } from "./loopback-port.js";
import { firstHalf } from "./outcome.js";
import { pause } from "./pause.js";
import { operationOf } from "./received-request.js";
import type { SimulatedRequest, SimulatedResponse } from "./simulated-http.js";
import type { SimulatorCore } from "./simulator-core.js";

/** A simulator on a port of this machine. */
export interface LoopbackServer {
  /** As in `http://127.0.0.1:49152`. */
  readonly url: string;
  /**
   * Drops all connections and closes the port. Calling it again does nothing.
   *
   * Rejects with the error of Node.js where, after a fault that refused connections, the port could not be opened again because
   * another program had taken it.
   */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** The door for anything that speaks HTTP: opens a free port of 127.0.0.1. */
export async function openLoopbackServer(core: SimulatorCore): Promise<LoopbackServer> {
  const port = new LoopbackPort(
    (incoming, outgoing) => answer(core, incoming, outgoing).catch(() => outgoing.destroy()),
    () => core.faults.countRefusal(),
  );
  const url = `http://127.0.0.1:${await port.open()}`;
  let reopened: Promise<unknown> = Promise.resolve();
  const openOrRefuse = () => {
    if (core.faults.refusesConnections) return port.refuse();
    reopened = port.open();
    // Whoever closes the server is told.
    reopened.catch(() => {});
  };
  const stopListening = core.faults.onChange(openOrRefuse);
  openOrRefuse();
  const close = async () => {
    stopListening();
    await port.close();
    const failure = reopened;
    reopened = Promise.resolve();
    await failure;
  };
  return { url, close, [Symbol.asyncDispose]: close };
}

async function answer(core: SimulatorCore, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const request = await requestOf(incoming);
  const outcome = core.receive(request, core.faults.meet(operationOf(request)));
  if (core.latencyMs > 0) await pause(core.latencyMs);
  switch (outcome.kind) {
    case "answered":
      writeHead(outgoing, outcome.response).end(outcome.response.body);
      return;
    case "truncated":
      writeHead(outgoing, outcome.response).write(firstHalf(outcome.response.body), () => outgoing.destroy());
      return;
    case "reset":
      incoming.socket.resetAndDestroy();
      return;
    case "ended":
      incoming.socket.destroy();
      return;
    case "silent":
  }
}

/** Each request comes on a connection of its own, so that a port that is closed refuses the very next one. */
function writeHead(outgoing: ServerResponse, { status, headers, body }: SimulatedResponse): ServerResponse {
  const length = WITHOUT_BODY.has(status) ? {} : { "content-length": Buffer.byteLength(body) };
  return outgoing.writeHead(status, { ...headers, ...length, connection: "close" });
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
