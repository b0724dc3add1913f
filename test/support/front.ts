import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A server on loopback in front of another. */
export interface Front extends AsyncDisposable {
  readonly port: number;
}

/** Starts a server that passes its first connection to `meet` and forwards the others to `onward`. */
export async function startFront(onward: { readonly port: number }, meet: (socket: Socket) => void): Promise<Front> {
  const sockets = new Set<Socket>();
  const keep = (socket: Socket) => sockets.add(socket.on("close", () => sockets.delete(socket)).on("error", () => {}));
  let count = 0;
  const front = createServer((socket) => {
    keep(socket);
    count += 1;
    if (count === 1) return meet(socket);
    const next = connect(onward.port, "127.0.0.1");
    keep(next);
    socket.pipe(next).pipe(socket);
  }).listen(0, "127.0.0.1");
  await once(front, "listening");
  return {
    port: (front.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      front.close();
      await once(front, "close");
    },
  };
}
