import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { type EventEmitter, errorMonitor, once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { pause } from "./pause.js";

/** Node.js tells here of every connection that the process begins to make. */
const CLIENT_SOCKETS = "net.client.socket";

/** While it is closed, the system may lend the port to a connection of somebody's: so long it is waited for. */
const REOPENING = { attempts: 100, everyMs: 20 } as const;

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
      try {
        await this.#listen(server);
      } catch (error) {
        if (this.#open === server) this.#open = undefined;
        throw error;
      }
    }
    return this.#number;
  }

  /** Ends without listening where the port is to be closed again meanwhile. */
  async #listen(server: Server): Promise<void> {
    for (let attempt = 1; this.#open === server; attempt += 1) {
      try {
        await once(server.listen(this.#number, "127.0.0.1"), "listening");
        this.#servers.add(server);
        server.once("close", () => this.#servers.delete(server));
        this.#number = (server.address() as AddressInfo).port;
        if (this.#open !== server) server.close();
        return;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE" || attempt === REOPENING.attempts) throw error;
        await pause(REOPENING.everyMs);
      }
    }
  }

  /** Closes the port for new connections. Requests under way are answered. */
  refuse(): void {
    if (this.#open === undefined) return;
    subscribe(CLIENT_SOCKETS, this.#watch);
    this.#stopListening();
  }

  /** Closes the port, and drops all connections. */
  async close(): Promise<void> {
    unsubscribe(CLIENT_SOCKETS, this.#watch);
    const closed = [...this.#servers].map((server) => once(server, "close"));
    this.#stopListening();
    for (const server of this.#servers) server.closeAllConnections();
    await Promise.all(closed);
  }

  /** A server that is only about to listen sees for itself that it no longer should. */
  #stopListening(): void {
    if (this.#open?.listening) this.#open.close();
    this.#open = undefined;
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
