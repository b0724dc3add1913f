import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { type EventEmitter, errorMonitor } from "node:events";

/** Node.js publishes here every connection that the process begins to make. */
const CLIENT_SOCKETS = "net.client.socket";

/** What a connection fails with; if an address was tried in several ways, each has an error of its own. */
type ConnectError = Error & { code?: string; port?: number; errors?: readonly ConnectError[] };

type OnRefusal = (port: number) => void;

const watchers = new Set<OnRefusal>();

/**
 * Calls `onRefusal` with the port whenever a connection is refused that this process begins to make from now on. A socket gets a
 * single listener, however many watch: Node.js takes more than ten for a leak, and prints a warning.
 *
 * @returns a function that stops watching connections that are made later.
 */
export function watchRefusedConnections(onRefusal: OnRefusal): () => void {
  if (watchers.size === 0) subscribe(CLIENT_SOCKETS, watchSocket);
  watchers.add(onRefusal);
  return () => {
    watchers.delete(onRefusal);
    if (watchers.size === 0) unsubscribe(CLIENT_SOCKETS, watchSocket);
  };
}

function watchSocket(message: unknown): void {
  const { socket } = message as { socket: EventEmitter };
  const watching = [...watchers];
  socket.once(errorMonitor, (error: ConnectError) => {
    const ports = [error, ...(error.errors ?? [])]
      .filter(({ code }) => code === "ECONNREFUSED")
      .map(({ port }) => port);
    for (const port of new Set(ports)) {
      if (port !== undefined) for (const onRefusal of watching) onRefusal(port);
    }
  });
}
