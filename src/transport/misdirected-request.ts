import { AsyncLocalStorage } from "node:async_hooks";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { type HeaderFields, headerMap } from "./header-map.js";
import type { HttpRequest, HttpResponse } from "./http-message.js";

/** On it every undici, also the one in Node.js, publishes the header of a response before it acts on it. */
const CHANNEL = "undici:request:headers";

/** On it they publish a request when a `fetch` has made it. */
const CREATED = "undici:request:create";

/** The request for which a `fetch` is at work: a wrapper may change its URL and its header, and is recognised all the same. */
const ownRequest = new AsyncLocalStorage<HttpRequest>();

/** Runs a `fetch` so that {@link onMisdirected} recognises its request. */
export function sendingFor<T>(request: HttpRequest, send: () => T): T {
  return ownRequest.run(request, send);
}

const MISDIRECTED = 421;
const CORRELATION_ID = "x-external-correlation-id";

/** What is published, as far as it is read here. */
interface Published {
  readonly request: { readonly method: string; readonly path: string; readonly headers: HeaderFields };
  readonly response: { readonly statusCode: number; readonly headers: HeaderFields };
}

/**
 * Calls `listener` once a `fetch` of undici receives a 421 for the request, with the response up to its header.
 *
 * The Fetch Standard makes a `fetch` send a request again after a 421. Only a body of unknown source would keep it from that,
 * which other implementations and mocks do not accept, and a request without a body has none. So it is stopped right before.
 *
 * @returns a function that ends it.
 * @see https://fetch.spec.whatwg.org/#http-network-or-cache-fetch
 */
export function onMisdirected(request: HttpRequest, listener: (response: HttpResponse) => void): () => void {
  const correlationId = headerMap(request.headers).get(CORRELATION_ID);
  const created = new WeakSet<object>();
  const onCreated = (message: unknown) => {
    if (ownRequest.getStore() === request) created.add((message as Published).request);
  };
  const onHeaders = (message: unknown) => {
    const headers = findMisdirection(request, correlationId, created, message);
    if (headers !== undefined) listener({ status: MISDIRECTED, headers, body: new Uint8Array(), oversized: false });
  };
  subscribe(CREATED, onCreated);
  subscribe(CHANNEL, onHeaders);
  return () => {
    unsubscribe(CREATED, onCreated);
    unsubscribe(CHANNEL, onHeaders);
  };
}

/** The header of a 421 to the request, if that is what was published. What a subscriber throws would end the process. */
function findMisdirection(
  own: HttpRequest,
  correlationId: string | undefined,
  created: WeakSet<object>,
  message: unknown,
) {
  try {
    const { request, response } = message as Published;
    if (response.statusCode !== MISDIRECTED) return undefined;
    // A pool that was busy makes the request later, for whoever left it. A proxy that is not tunnelled through has the whole URL
    // for a path.
    const isOwn =
      created.has(request) ||
      (request.method === own.method &&
        request.path.includes(own.path) &&
        headerMap(request.headers).get(CORRELATION_ID) === correlationId);
    return isOwn ? headerMap(response.headers) : undefined;
  } catch {
    return undefined;
  }
}
