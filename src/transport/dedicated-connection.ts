import { isBun } from "./runtime.js";

/** Makes `fetch` open a connection for one request alone. */
export interface DedicatedConnection {
  /** The fields to add to the `init` of `fetch`. */
  readonly init: object;
  /** Closes the connection. */
  close(): void;
}

/** The part of Deno that is used here. */
interface Deno {
  createHttpClient?(options: { poolMaxIdlePerHost: number }): { close(): void };
}

/**
 * Returns a dedicated connection for a request that must not be sent twice. If a reused connection breaks during a request, Bun
 * resends a PUT and Deno resends any request, without reporting it. On a new connection they do not. Under Node.js the request
 * uses an ordinary connection.
 */
export function dedicatedConnection(): DedicatedConnection {
  if (isBun()) return { init: { keepalive: false }, close() {} };
  const client = (globalThis as { Deno?: Deno }).Deno?.createHttpClient?.({ poolMaxIdlePerHost: 0 });
  return client === undefined ? { init: {}, close() {} } : { init: { client }, close: () => client.close() };
}
