import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type Server } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";

/** A request for a tunnel. */
interface TunnelRequest {
  /** The host and port of the requested server. */
  readonly authority: string;
  readonly headers: IncomingHttpHeaders;
}

/** Responds to a request for a tunnel. `open` opens the tunnel. */
export type OnConnect = (client: Socket, open: () => void, request: TunnelRequest) => void;

/** An HTTP proxy on loopback that records the requests for tunnels. */
export interface ConnectProxy extends AsyncDisposable {
  /** The URL of the proxy, over HTTPS if its server does. */
  readonly url: string;
  readonly port: number;
  /** The requests for tunnels so far. */
  readonly requests: readonly TunnelRequest[];
  /** The number of connections so far. */
  readonly connections: number;
}

/** Opens the tunnel. */
export const openTunnel: OnConnect = (_client, open) => open();

/** Refuses the tunnel with `status`, and repeats the credentials in the reason phrase, in a header and in the body. */
export function refuse(status: number): OnConnect {
  return (client, _open, { headers }) => {
    const secret = String(headers["proxy-authorization"]);
    const head = `HTTP/1.1 ${status} ${secret}\r\nX-Quoted: ${secret}\r\nContent-Length: ${secret.length}\r\n\r\n`;
    client.end(head + secret);
  };
}

/**
 * Starts a proxy that calls `onConnect` for every tunnel request. A tunnel always ends at the requested port on loopback,
 * whichever host was requested.
 */
export async function startConnectProxy(
  onConnect: OnConnect = openTunnel,
  server: Server = createServer(),
): Promise<ConnectProxy> {
  const requests: TunnelRequest[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const keep = (socket: Socket) => sockets.add(socket.on("error", () => {}).on("close", () => sockets.delete(socket)));
  server.on("connection", (socket: Socket) => {
    connections += 1;
    keep(socket);
  });
  server.on("connect", (incoming: IncomingMessage, client: Socket) => {
    const { url: authority = "", headers } = incoming;
    const request = { authority, headers };
    requests.push(request);
    keep(client);
    onConnect(client, () => pipe(authority, client, keep), request);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `${"setSecureContext" in server ? "https" : "http"}://127.0.0.1:${port}`,
    port,
    requests,
    get connections() {
      return connections;
    },
    async [Symbol.asyncDispose]() {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, "close");
    },
  };
}

function pipe(authority: string, client: Socket, keep: (socket: Socket) => void): void {
  const { port } = new URL(`http://${authority}`);
  const server = connect(Number(port), "127.0.0.1", () => {
    client.write("HTTP/1.1 200 Connection established\r\n\r\n");
    server.pipe(client).pipe(server);
  });
  keep(server);
  server.on("error", () => client.end("HTTP/1.1 502 Bad Gateway\r\n\r\n"));
}
