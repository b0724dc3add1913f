import type { IncomingMessage, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { WITHOUT_BODY } from "./json-response.js";
import { type ListenOptions, listenFailure, readListenOptions, urlOf } from "./listen-options.js";
import { LoopbackPort } from "./loopback-port.js";
import { firstHalf } from "./outcome.js";
import { pause } from "./pause.js";
import { operationOf } from "./received-request.js";
import type { SimulatedRequest, SimulatedResponse } from "./simulated-http.js";
import type { SimulatorCore } from "./simulator-core.js";

/** A simulator that listens on a port of this machine. */
export interface LoopbackServer {
  /** The URL of the server without a slash at its end, such as `http://127.0.0.1:49152` or `http://[::1]:49152`. */
  readonly url: string;
  /**
   * Drops all connections and closes the port. The simulator itself goes on, and late requests still arrive there until it is
   * reset. Calling it again does nothing.
   *
   * Rejects with the error of Node.js if the port could not be opened again after a fault that refused connections, because
   * another program had taken it.
   */
  close(): Promise<void>;
  /** Does the same as `close`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** The adapter for everything that speaks HTTP. */
export async function openLoopbackServer(core: SimulatorCore, options: ListenOptions): Promise<LoopbackServer> {
  const address = readListenOptions(options);
  const closing = new AbortController();
  const port = new LoopbackPort(
    address,
    (incoming, outgoing) => answer(core, incoming, outgoing, closing.signal).catch(() => outgoing.destroy()),
    () => core.faults.countRefusal(),
  );
  const number = await port.open().catch((error) => {
    throw listenFailure(error, address);
  });
  let reopened: Promise<unknown> = Promise.resolve();
  const openOrRefuse = () => {
    if (core.faults.refusesConnections) return port.refuse();
    reopened = port.open();
    // The error is reported to whoever closes the server.
    reopened.catch(() => {});
  };
  const stopListening = core.faults.onChange(openOrRefuse);
  openOrRefuse();
  const close = async () => {
    stopListening();
    closing.abort();
    await port.close();
    const failure = reopened;
    reopened = Promise.resolve();
    await failure;
  };
  return { url: urlOf({ ...address, port: number }), close, [Symbol.asyncDispose]: close };
}

async function answer(
  core: SimulatorCore,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  closing: AbortSignal,
): Promise<void> {
  const request = await requestOf(incoming);
  const outcome = core.receive(request, core.faults.meet(operationOf(request)));
  if (core.latencyMs > 0) await pause(core.latencyMs, closing);
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
