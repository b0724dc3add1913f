import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { pause } from "../../time/wait.js";
import { watchRefusedConnections } from "./refused-connections.js";

/** While it is closed, the system may lend the port to another program's connection: so long it is waited for. */
const REOPENING = { attempts: 100, everyMs: 20 } as const;

/** Where to listen. */
export interface PortAddress {
  readonly host: string;
  /** 0 for a free port. */
  readonly port: number;
}

/** A port of this machine that can be closed, so that connections to it are refused, and opened again. */
export class LoopbackPort {
  readonly #address: PortAddress;
  readonly #onRequest: RequestListener;
  readonly #onRefusal: () => void;
  /** Those that still have connections, and the one that takes new ones. */
  readonly #servers = new Set<Server>();
  #open: Server | undefined;
  /** Known once it was open. */
  #number: number | undefined;
  #stopWatching: () => void = () => {};

  /** @param onRefusal called when a connection that this process wanted to make was refused. */
  constructor(address: PortAddress, onRequest: RequestListener, onRefusal: () => void) {
    this.#address = address;
    this.#onRequest = onRequest;
    this.#onRefusal = onRefusal;
  }

  /** Opens the port, and the same one if it was open before. */
  async open(): Promise<number> {
    this.#stopWatching();
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
    return this.#number ?? this.#address.port;
  }

  /** Ends without listening if the port is to be closed again meanwhile. */
  async #listen(server: Server): Promise<void> {
    const isReopening = this.#number !== undefined;
    const { host, port } = this.#address;
    for (let attempt = 1; this.#open === server; attempt += 1) {
      try {
        await once(server.listen({ host, port: this.#number ?? port }), "listening");
        this.#servers.add(server);
        server.once("close", () => this.#servers.delete(server));
        this.#number = (server.address() as AddressInfo).port;
        if (this.#open !== server) server.close();
        return;
      } catch (error) {
        const isTaken = (error as NodeJS.ErrnoException).code === "EADDRINUSE";
        if (!isReopening || !isTaken || attempt === REOPENING.attempts) throw error;
        await pause(REOPENING.everyMs);
      }
    }
  }

  /** Closes the port for new connections. Requests under way are answered. */
  refuse(): void {
    if (this.#open === undefined) return;
    this.#stopWatching();
    this.#stopWatching = watchRefusedConnections((port) => {
      if (port === this.#number) this.#onRefusal();
    });
    this.#stopListening();
  }

  /** Closes the port, and drops all connections. */
  async close(): Promise<void> {
    this.#stopWatching();
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
}
