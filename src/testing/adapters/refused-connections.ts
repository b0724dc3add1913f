import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { type EventEmitter, errorMonitor } from "node:events";

/** The channel on which Node.js publishes every connection that the process starts. */
const CLIENT_SOCKETS = "net.client.socket";

/** The error of a failed connection. If several addresses were tried, `errors` has one error for each. */
type ConnectError = Error & { code?: string; port?: number; errors?: readonly ConnectError[] };

type OnRefusal = (port: number) => void;

const watchers = new Set<OnRefusal>();

/**
 * Calls `onRefusal` with the port of every connection that this process starts from now on and that is refused. Each socket gets a
 * single listener for all watchers, because Node.js prints a leak warning for more than ten listeners.
 *
 * @returns a function that stops watching. A connection that has already started is still reported.
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
