import { setupServer } from "msw/node";
import { type Dispatcher, request } from "undici";
import type { KioskSimulator } from "../../src/testing/index.js";
import { kioskHandlers } from "../../src/testing/msw.js";

/** A response of the simulator. */
export interface AdapterResponse {
  readonly status: number;
  readonly headers: Headers;
  /** The body. */
  readonly text: string;
}

/** A request to the simulator. */
interface AdapterRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body?: string;
  readonly signal?: AbortSignal;
}

/** One way to reach a simulator. */
export interface Adapter {
  /** Sends a request through the adapter. */
  send(request: AdapterRequest): Promise<AdapterResponse>;
  /** Stops what the adapter has started. */
  close(): Promise<void>;
}

/** Opens each adapter of a simulator, for plain HTTP exchanges. */
export const ADAPTERS = {
  async fetch(simulator) {
    return {
      send: (request) => sendWithFetch(simulator.fetch, "https://kiosk.example", request),
      close: async () => {},
    };
  },
  async "undici dispatcher"(simulator) {
    const send = async ({ path, ...options }: AdapterRequest): Promise<AdapterResponse> => {
      const method = options.method as Dispatcher.HttpMethod;
      const response = await request(`https://kiosk.example${path}`, {
        ...options,
        method,
        dispatcher: simulator.dispatcher,
      });
      const headers = new Headers(Object.entries(response.headers).map(([name, value]) => [name, String(value)]));
      return { status: response.statusCode, headers, text: await response.body.text() };
    };
    return { send, close: async () => {} };
  },
  async "dispatcher of the built-in fetch"(simulator) {
    const init = { dispatcher: simulator.dispatcher };
    const send = (url: string, given: RequestInit) => fetch(url, { ...given, ...init } as RequestInit);
    return { send: (given) => sendWithFetch(send, "https://kiosk.example", given), close: async () => {} };
  },
  async MSW(simulator) {
    const server = setupServer(...kioskHandlers(simulator));
    server.listen({ onUnhandledRequest: "error" });
    const send = (given: AdapterRequest) => sendWithFetch(fetch, "https://kiosk.example", given);
    return { send, close: async () => server.close() };
  },
  async "loopback server"(simulator) {
    const server = await simulator.listen();
    return { send: (request) => sendWithFetch(fetch, server.url, request), close: () => server.close() };
  },
} satisfies Record<string, (simulator: KioskSimulator) => Promise<Adapter>>;

/** Sends a request for the card `card` of profile 123456, with the token of the simulator. */
export function sendThrough(
  adapter: Adapter,
  simulator: KioskSimulator,
  method: "GET" | "PUT" | "POST",
  body?: unknown,
): Promise<AdapterResponse> {
  const spend = method === "POST" ? "/v1/simulation/spend" : "/v3/spend";
  return adapter.send({
    method,
    path: `${spend}/profiles/123456/cards/card/production`,
    headers: { authorization: `Bearer ${simulator.clientOptions().token}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

async function sendWithFetch(
  send: (url: string, init: RequestInit) => Promise<Response>,
  origin: string,
  { path, ...init }: AdapterRequest,
): Promise<AdapterResponse> {
  const response = await send(origin + path, init);
  return { status: response.status, headers: response.headers, text: await response.text() };
}
