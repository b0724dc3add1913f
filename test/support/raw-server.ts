import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";

/** A TCP server on loopback that can misbehave as no HTTP server would. */
export interface RawServer extends AsyncDisposable {
  /** The URL of the server, without a slash at its end. */
  readonly url: string;
  /** The number of connections so far. */
  readonly connections: number;
  /** The number of open connections. */
  readonly open: number;
  /** The complete requests so far, as text. */
  readonly requests: readonly string[];
}

/** Called with the connection of a complete request, and the number of complete requests so far. */
export type OnRequest = (socket: Socket, count: number) => void;

/** Starts a server that calls `onRequest` for every complete request. */
export async function startRawServer(
  onRequest: OnRequest,
  onConnection: (socket: Socket) => void = () => {},
): Promise<RawServer> {
  const requests: string[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    sockets.add(socket.on("close", () => sockets.delete(socket)).on("error", () => {}));
    onConnection(socket);
    let received = "";
    socket.on("data", (chunk: Buffer) => {
      received += chunk.toString("latin1");
      const length = wholeRequest(received);
      if (length === undefined) return;
      requests.push(received.slice(0, length));
      received = received.slice(length);
      onRequest(socket, requests.length);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    get connections() {
      return connections;
    },
    get open() {
      return sockets.size;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

/** Returns the length of the request at the beginning of the text, or `undefined` if it is incomplete. */
function wholeRequest(text: string): number | undefined {
  const head = text.indexOf("\r\n\r\n");
  if (head === -1) return undefined;
  const body = Number(/\r\ncontent-length: (\d+)/i.exec(text.slice(0, head))?.[1] ?? 0);
  const length = head + 4 + body;
  return text.length < length ? undefined : length;
}
