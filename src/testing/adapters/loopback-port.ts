import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { pauseInRealTime } from "../../time/real-pause.js";
import { watchRefusedConnections } from "./refused-connections.js";

/** How long to retry reopening a port: meanwhile the system may have assigned it to a connection of another program. */
const REOPENING = { attempts: 100, everyMs: 20 } as const;

/** The address to listen on. */
export interface PortAddress {
  /** An IP address or host name. */
  readonly host: string;
  /** 0 means any free port. */
  readonly port: number;
}

/** A port of this machine that can be closed, so that it refuses connections, and reopened. */
export class LoopbackPort {
  readonly #address: PortAddress;
  readonly #onRequest: RequestListener;
  readonly #onRefusal: () => void;
  /** The server that accepts new connections, and earlier ones that still have connections. */
  readonly #servers = new Set<Server>();
  #open: Server | undefined;
  /** The actual port; `undefined` until it is opened for the first time. */
  #number: number | undefined;
  #stopWatching: () => void = () => {};

  /** @param onRefusal called when the port has refused a connection from this process. */
  constructor(address: PortAddress, onRequest: RequestListener, onRefusal: () => void) {
    this.#address = address;
    this.#onRequest = onRequest;
    this.#onRefusal = onRefusal;
  }

  /** Opens the port and returns its number. Reopening uses the same number. */
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

  /** Starts to listen, and retries if it reopens a port that is in use. Stops if the port is closed meanwhile. */
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
        await pauseInRealTime(REOPENING.everyMs);
      }
    }
  }

  /** Closes the port to new connections. Requests in progress still get a response. */
  refuse(): void {
    if (this.#open === undefined) return;
    this.#stopWatching();
    this.#stopWatching = watchRefusedConnections((port) => {
      if (port === this.#number) this.#onRefusal();
    });
    this.#stopListening();
  }

  /** Closes the port and drops all connections. */
  async close(): Promise<void> {
    this.#stopWatching();
    const closed = [...this.#servers].map((server) => once(server, "close"));
    this.#stopListening();
    for (const server of this.#servers) server.closeAllConnections();
    await Promise.all(closed);
  }

  /** Closes the open server. If it is not listening yet, `#listen` sees that it is no longer `#open` and stops. */
  #stopListening(): void {
    if (this.#open?.listening) this.#open.close();
    this.#open = undefined;
  }
}
