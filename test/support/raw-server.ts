import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";

/** A server on loopback that speaks bytes, to misbehave as no HTTP server would. */
export interface RawServer extends AsyncDisposable {
  readonly url: string;
  /** How many connections were made. */
  readonly connections: number;
  /** How many of them are open. */
  readonly open: number;
  /** The requests that arrived whole, as text. */
  readonly requests: readonly string[];
}

/** What to do with a connection once a whole request arrived on it. */
export type OnRequest = (socket: Socket, count: number) => void;

/** Starts a server that gives a connection to `onRequest` for every whole request. */
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

/** The length of the request that the text begins with; `undefined` where it has not arrived whole. */
function wholeRequest(text: string): number | undefined {
  const head = text.indexOf("\r\n\r\n");
  if (head === -1) return undefined;
  const body = Number(/\r\ncontent-length: (\d+)/i.exec(text.slice(0, head))?.[1] ?? 0);
  const length = head + 4 + body;
  return text.length < length ? undefined : length;
}
