import { once } from "node:events";
import { type IncomingMessage, request, STATUS_CODES } from "node:http";
import { connect as connectTcp, isIP, isIPv6, type Socket } from "node:net";
import { type ConnectionOptions, connect as connectTls } from "node:tls";

/** An HTTP proxy. */
export interface HttpProxy {
  /** Whether the connection to it uses TLS. */
  readonly isSecure: boolean;
  readonly hostname: string;
  readonly port: number;
  /** The value of `Proxy-Authorization`. */
  readonly authorization: string | undefined;
}

/** The server that an agent of undici connects to. */
interface ConnectionTarget {
  readonly protocol: string;
  readonly hostname: string;
  /** Empty for the default port of the protocol. */
  readonly port: string;
}

/** Connects for an agent of undici, in place of its own function. */
export type Connector = (
  target: ConnectionTarget,
  done: (...outcome: [error: null, socket: Socket] | [error: Error, socket: null]) => void,
) => void;

/** As undici has it. */
const CONNECT_TIMEOUT_MS = 10_000;

/**
 * Connects through an HTTP proxy. Unlike `ProxyAgent` of undici 6 and 7, it does not dial a proxy that hangs up again and again.
 *
 * @param tls the options for the server behind the proxy. Of these only `ca` applies to the proxy: it must not get the client
 * certificate.
 * @see https://www.rfc-editor.org/rfc/rfc9110#name-connect
 */
export function connectThrough(proxy: HttpProxy, tls: ConnectionOptions): Connector {
  return (target, done) => {
    connect(proxy, target, tls).then(
      (socket) => done(null, socket),
      (error) => done(error, null),
    );
  };
}

async function connect(proxy: HttpProxy, target: ConnectionTarget, tls: ConnectionOptions): Promise<Socket> {
  const { isSecure, hostname, port } = proxy;
  const socket = isSecure ? secure({ ca: tls.ca, port }, hostname) : connectTcp(port, hostname);
  // Each step reports its own failure.
  socket.on("error", () => {});
  socket.setNoDelay(true).setKeepAlive(true, 60_000);
  try {
    await within(CONNECT_TIMEOUT_MS, socket, requestTunnel(socket, formatAuthority(target), proxy.authorization));
    if (target.protocol !== "https:") return socket;
    const secured = secure({ ...tls, socket }, target.hostname);
    await within(CONNECT_TIMEOUT_MS, secured, once(secured, "secureConnect"));
    return secured;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

async function requestTunnel(socket: Socket, authority: string, authorization: string | undefined): Promise<void> {
  const connect = request({
    createConnection: () => socket,
    method: "CONNECT",
    path: authority,
    headers: {
      Host: authority,
      "Proxy-Connection": "keep-alive",
      ...(authorization === undefined ? {} : { "Proxy-Authorization": authorization }),
    },
  });
  connect.end();
  const [{ statusCode = 0 }, , head] = (await once(connect, "connect")) as [IncomingMessage, Socket, Buffer];
  if (statusCode < 200 || statusCode > 299) throw refusedTunnel(statusCode);
  if (head.length > 0) socket.unshift(head);
}

/** What else the proxy says is not repeated: it may quote the credentials. */
function refusedTunnel(status: number): Error {
  const advice = status === 407 ? ": check the user name and password in `mtls.proxy`" : "";
  const reason = `${status} ${STATUS_CODES[status] ?? ""}`.trim();
  return Object.assign(new Error(`The proxy refused the tunnel with ${reason}${advice}`), { code: "ERR_PROXY_TUNNEL" });
}

function secure(options: ConnectionOptions, hostname: string): Socket {
  const servername = isIP(hostname) === 0 ? hostname : "";
  return connectTls({ ...options, host: hostname, servername, ALPNProtocols: ["http/1.1"] });
}

function formatAuthority({ protocol, hostname, port }: ConnectionTarget): string {
  const defaultPort = protocol === "https:" ? "443" : "80";
  return `${isIPv6(hostname) ? `[${hostname}]` : hostname}:${port || defaultPort}`;
}

/** Waits for a step of the connection, and ends it after a time. */
async function within<T>(ms: number, socket: Socket, step: Promise<T>): Promise<T> {
  const error = Object.assign(new Error("The proxy did not connect in time"), { code: "ERR_PROXY_TUNNEL" });
  const timer = setTimeout(() => socket.destroy(error), ms);
  try {
    return await step;
  } finally {
    clearTimeout(timer);
  }
}
