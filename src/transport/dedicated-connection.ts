import { isBun } from "./runtime.js";

/** What has a `fetch` make a connection for one request alone. */
export interface DedicatedConnection {
  /** To be handed to `fetch` with the request. */
  readonly init: object;
  close(): void;
}

/** Deno, as far as it is used here. */
interface Deno {
  createHttpClient?(options: { poolMaxIdlePerHost: number }): { close(): void };
}

/**
 * A connection for a request that must not be sent twice. Where a connection that was used before breaks under a request, Bun
 * sends a PUT again and Deno sends any request again, and neither says so; on a new connection they do not.
 */
export function dedicatedConnection(): DedicatedConnection {
  if (isBun()) return { init: { keepalive: false }, close() {} };
  const client = (globalThis as { Deno?: Deno }).Deno?.createHttpClient?.({ poolMaxIdlePerHost: 0 });
  return client === undefined ? { init: {}, close() {} } : { init: { client }, close: () => client.close() };
}
