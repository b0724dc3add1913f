import { Socket } from "node:net";

/** Records the connections that this process opens, until it is disposed: TCP and TLS, through any library. */
export class ConnectionWatch implements Disposable {
  /** The address and port of each attempt to connect. */
  readonly targets: { readonly address: string; readonly port: number }[] = [];
  readonly #connect = Socket.prototype.connect;

  constructor() {
    const { targets } = this;
    const connect = this.#connect as (this: Socket, ...args: unknown[]) => Socket;
    Socket.prototype.connect = function (this: Socket, ...args: unknown[]) {
      this.on("connectionAttempt", (address: string, port: number) => targets.push({ address, port }));
      return connect.apply(this, args);
    } as typeof Socket.prototype.connect;
  }

  [Symbol.dispose](): void {
    Socket.prototype.connect = this.#connect;
  }
}
