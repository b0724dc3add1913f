import { once } from "node:events";
import { type IncomingMessage, request, STATUS_CODES } from "node:http";
import { connect as connectTcp, isIP, isIPv6, type Socket } from "node:net";
import { type ConnectionOptions, connect as connectTls } from "node:tls";

/** An HTTP proxy. */
export interface HttpProxy {
  /** Whether the connection to the proxy uses TLS. */
  readonly isSecure: boolean;
  readonly hostname: string;
  readonly port: number;
  /** The value of `Proxy-Authorization`; `undefined` if there are no credentials. */
  readonly authorization: string | undefined;
}

/** The server that an undici agent connects to. */
interface ConnectionTarget {
  readonly protocol: string;
  readonly hostname: string;
  /** Empty for the default port of the protocol. */
  readonly port: string;
}

/** Connects for an undici agent, instead of its own connect function. */
export type Connector = (
  target: ConnectionTarget,
  done: (...outcome: [error: null, socket: Socket] | [error: Error, socket: null]) => void,
) => void;

/** The limit for each step of a connection, in milliseconds: undici's own default. */
const CONNECT_TIMEOUT_MS = 10_000;

/**
 * Returns a connector through an HTTP proxy. Unlike `ProxyAgent` of undici 6 and 7, it does not keep reconnecting to a proxy that
 * hangs up.
 *
 * @param tls the options for the server behind the proxy. Only `ca` also applies to the proxy, which must not get the client
 * certificate.
 * @param sockets gets the sockets to the proxy, as long as they are open.
 * @see https://www.rfc-editor.org/rfc/rfc9110#name-connect
 */
export function connectThrough(proxy: HttpProxy, tls: ConnectionOptions, sockets: Set<Socket>): Connector {
  return (target, done) => {
    connect(proxy, target, tls, sockets).then(
      (socket) => done(null, socket),
      (error) => done(error, null),
    );
  };
}

async function connect(
  { isSecure, hostname, port, authorization }: HttpProxy,
  target: ConnectionTarget,
  tls: ConnectionOptions,
  sockets: Set<Socket>,
): Promise<Socket> {
  const socket = isSecure ? startTls({ ca: tls.ca, port }, hostname) : connectTcp(port, hostname);
  sockets.add(socket);
  socket.on("close", () => sockets.delete(socket));
  // Each step reports its own failure.
  socket.on("error", () => {});
  socket.setNoDelay().setKeepAlive(true, 60_000);
  try {
    await withStepTimeout(socket, requestTunnel(socket, formatAuthority(target), authorization));
    if (target.protocol !== "https:") return socket;
    const secured = startTls({ ...tls, socket }, target.hostname);
    // An alert of the server may arrive before undici listens.
    secured.on("error", () => {});
    await withStepTimeout(secured, once(secured, "secureConnect"));
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
  socket.unshift(head);
}

/** Returns the error for a refused tunnel. It repeats only the status, because the rest may quote the credentials. */
function refusedTunnel(status: number): Error {
  const advice = status === 407 ? ": check the user name and password in `mtls.proxy`" : "";
  const reason = `${status} ${STATUS_CODES[status] ?? ""}`.trim();
  return Object.assign(new Error(`The proxy refused the tunnel with ${reason}${advice}`), { code: "ERR_PROXY_TUNNEL" });
}

function startTls(options: ConnectionOptions, hostname: string): Socket {
  const servername = isIP(hostname) === 0 ? hostname : "";
  return connectTls({ ...options, host: hostname, servername, ALPNProtocols: ["http/1.1"] });
}

function formatAuthority({ protocol, hostname, port }: ConnectionTarget): string {
  const defaultPort = protocol === "https:" ? "443" : "80";
  return `${isIPv6(hostname) ? `[${hostname}]` : hostname}:${port || defaultPort}`;
}

/** Waits for a step of the connection, and destroys the socket if the step takes too long. */
async function withStepTimeout<T>(socket: Socket, step: Promise<T>): Promise<T> {
  const error = Object.assign(new Error(`Connecting through the proxy timed out after ${CONNECT_TIMEOUT_MS} ms`), {
    code: "ERR_PROXY_TUNNEL",
  });
  const timer = setTimeout(() => socket.destroy(error), CONNECT_TIMEOUT_MS);
  try {
    return await step;
  } finally {
    clearTimeout(timer);
  }
}
