import { Socket as DatagramSocket } from "node:dgram";
import { Socket } from "node:net";

/** Records what this process connects to, until it is disposed: TCP, TLS and UDP, through any library. */
export class ConnectionWatch implements Disposable {
  /**
   * The host and port of each connection, as requested, and the address and port of each attempt. The host is recorded even if
   * it cannot be resolved, as on a machine without a network.
   */
  readonly targets: { readonly address: string; readonly port: number }[] = [];
  readonly #connect = Socket.prototype.connect;
  readonly #send = DatagramSocket.prototype.send;

  constructor() {
    const { targets } = this;
    const connect = this.#connect as (this: Socket, ...args: unknown[]) => Socket;
    const send = this.#send as (this: DatagramSocket, ...args: unknown[]) => void;
    Socket.prototype.connect = function (this: Socket, ...args: unknown[]) {
      targets.push(requestedTarget(args));
      this.on("connectionAttempt", (address: string, port: number) => targets.push({ address, port }));
      return connect.apply(this, args);
    } as typeof Socket.prototype.connect;
    DatagramSocket.prototype.send = function (this: DatagramSocket, ...args: unknown[]) {
      targets.push({ address: "a UDP socket", port: 0 });
      send.apply(this, args);
    };
  }

  [Symbol.dispose](): void {
    Socket.prototype.connect = this.#connect;
    DatagramSocket.prototype.send = this.#send;
  }
}

/**
 * Returns the target in the arguments of `connect`: options, a port and a host, or a path. Node.js itself passes them as a
 * list.
 */
function requestedTarget(args: readonly unknown[]): { address: string; port: number } {
  const [first, second] = args.flat();
  if (typeof first === "object" && first !== null) {
    const { host, port, path } = first as { host?: string; port?: number | string; path?: string };
    return { address: path ?? host ?? "localhost", port: Number(port ?? 0) };
  }
  if (Number.isNaN(Number(first))) return { address: String(first), port: 0 };
  return { address: typeof second === "string" ? second : "localhost", port: Number(first) };
}
