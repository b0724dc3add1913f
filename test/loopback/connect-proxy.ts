import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";

/** An HTTP proxy on loopback that tunnels what it does not refuse. */
export interface ConnectProxy extends AsyncDisposable {
  readonly url: string;
  /** How many tunnels were asked for. */
  readonly asked: number;
}

/** What a proxy does with a request for a tunnel: the status that it refuses it with, `"hang-up"`, or `"tunnel"`. */
export type TunnelAnswer = number | "hang-up" | "tunnel";

/** Starts a proxy that asks `answer` for each tunnel. */
export async function startConnectProxy(answer: (count: number) => TunnelAnswer): Promise<ConnectProxy> {
  let asked = 0;
  const sockets = new Set<Socket>();
  const keep = (socket: Socket) => sockets.add(socket.on("close", () => sockets.delete(socket)).on("error", () => {}));
  const proxy = createServer().on("connection", keep);
  proxy.on("connect", ({ url = "" }, socket: Socket) => {
    asked += 1;
    const what = answer(asked);
    if (what === "hang-up") socket.destroy();
    else if (what === "tunnel") tunnel(url, socket, keep);
    else socket.end(`HTTP/1.1 ${what} Refused\r\nContent-Length: 2\r\n\r\nno`);
  });
  proxy.listen(0, "127.0.0.1");
  await once(proxy, "listening");
  return {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    get asked() {
      return asked;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      proxy.close();
      await once(proxy, "close");
    },
  };
}

function tunnel(authority: string, socket: Socket, keep: (socket: Socket) => void): void {
  const { hostname, port } = new URL(`http://${authority}`);
  const onward = connect(Number(port), hostname, () => {
    socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
    socket.pipe(onward).pipe(socket);
  });
  keep(onward);
  onward.on("error", () => socket.destroy());
  socket.on("close", () => onward.destroy());
}
