import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { type EventEmitter, errorMonitor, once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** Node.js tells here of every connection that the process begins to make. */
const CLIENT_SOCKETS = "net.client.socket";

/** What a connection fails with; where an address was tried in several ways, each has an error of its own. */
type ConnectError = Error & { code?: string; port?: number; errors?: readonly ConnectError[] };

/** A port of 127.0.0.1 that can be closed, so that connections to it are refused, and opened again. */
export class LoopbackPort {
  readonly #onRequest: RequestListener;
  readonly #onRefusal: () => void;
  /** Those that still have connections, and the one that takes new ones. */
  readonly #servers = new Set<Server>();
  #open: Server | undefined;
  #number = 0;

  /** @param onRefusal called when a connection that this process wanted to make was refused. */
  constructor(onRequest: RequestListener, onRefusal: () => void) {
    this.#onRequest = onRequest;
    this.#onRefusal = onRefusal;
  }

  /** Opens the port, at first a free one, then the same. */
  async open(): Promise<number> {
    unsubscribe(CLIENT_SOCKETS, this.#watch);
    if (this.#open === undefined) {
      const server = createServer(this.#onRequest);
      this.#open = server;
      this.#servers.add(server);
      server.once("close", () => this.#servers.delete(server));
      await once(server.listen(this.#number, "127.0.0.1"), "listening");
      this.#number = (server.address() as AddressInfo).port;
    }
    return this.#number;
  }

  /** Closes the port for new connections. Requests under way are answered. */
  refuse(): void {
    if (this.#open === undefined) return;
    subscribe(CLIENT_SOCKETS, this.#watch);
    this.#open.close();
    this.#open = undefined;
  }

  /** Closes the port, and drops all connections. */
  async close(): Promise<void> {
    unsubscribe(CLIENT_SOCKETS, this.#watch);
    const closed = [...this.#servers].map((server) => once(server, "close"));
    this.#open?.close();
    this.#open = undefined;
    for (const server of this.#servers) server.closeAllConnections();
    await Promise.all(closed);
  }

  readonly #watch = (message: unknown): void => {
    const { socket } = message as { socket: EventEmitter };
    socket.once(errorMonitor, (error: ConnectError) => {
      const wasHere = [error, ...(error.errors ?? [])].some(
        ({ code, port }) => code === "ECONNREFUSED" && port === this.#number,
      );
      if (wasHere) this.#onRefusal();
    });
  };
}
