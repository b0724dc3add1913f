import type { IncomingMessage, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { KioskArgumentError } from "../../errors/argument-error.js";
import { pause } from "../../time/wait.js";
import { findOperation } from "../api/received-request.js";
import type { SimulatorCore } from "../simulator/simulator-core.js";
import { formatUrl, type ListenOptions, listenFailure, parseListenOptions } from "./listen-options.js";
import { LoopbackPort } from "./loopback-port.js";
import { sendOutcome, toSimulatedRequest } from "./node-exchange.js";

/** An HTTP server that responds from a simulator, on a port of this machine. */
export interface LoopbackServer {
  /** The URL of the server without a trailing slash, such as `http://127.0.0.1:49152` or `http://[::1]:49152`. */
  readonly url: string;
  /**
   * Drops all connections and closes the port. The simulator itself keeps running, and delayed requests still arrive until it is
   * reset. Calling it again does nothing.
   *
   * @throws {Error} the error of Node.js, if the port could not be reopened after a `connection-refused` fault, for example because
   * another program had taken it.
   */
  close(): Promise<void>;
  /** Does the same as `close`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Opens the adapter for any HTTP client.
 *
 * @throws {KioskArgumentError} if an option is unknown or invalid, the port is in use or needs more privileges, or the host is not
 * an address of this machine.
 */
export async function openLoopbackServer(core: SimulatorCore, options: ListenOptions): Promise<LoopbackServer> {
  const address = parseListenOptions(options);
  const closing = new AbortController();
  const port = new LoopbackPort(
    address,
    (incoming, outgoing) =>
      respond(core, incoming, outgoing, closing.signal).catch((error) => {
        outgoing.destroy();
        // The caller learns only that its connection has ended, so this rejection reaches the test runner.
        if (error instanceof KioskArgumentError) throw error;
      }),
    () => core.faults.recordRefusal(),
  );
  const number = await port.open().catch((error) => {
    throw listenFailure(error, address);
  });
  let reopened: Promise<unknown> = Promise.resolve();
  const openOrRefuse = () => {
    if (core.faults.refusesConnections) return port.refuse();
    reopened = port.open();
    // `close` reports the error.
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
  return { url: formatUrl({ ...address, port: number }), close, [Symbol.asyncDispose]: close };
}

async function respond(
  core: SimulatorCore,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  closing: AbortSignal,
): Promise<void> {
  const request = toSimulatedRequest(incoming, await text(incoming));
  const outcome = core.receive(request, core.faults.take(findOperation(request)));
  if (core.latencyMs > 0) await pause(core.latencyMs, closing);
  sendOutcome(outcome, outgoing);
}
