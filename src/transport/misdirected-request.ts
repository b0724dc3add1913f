import { AsyncLocalStorage } from "node:async_hooks";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { type HeaderFields, headerMap } from "./header-map.js";
import type { HttpRequest, HttpResponse } from "./http-message.js";

/** The channel on which every undici, including the one in Node.js, publishes the header of a response before acting on it. */
const CHANNEL = "undici:request:headers";

/** The channel on which they publish a request when it is created. */
const CREATED = "undici:request:create";

/** The request that a `fetch` is sending. It is recognised even if a wrapper changes its URL and headers. */
const ownRequest = new AsyncLocalStorage<HttpRequest>();

/** Runs a `fetch` so that {@link onMisdirected} recognises its request. */
export function sendingFor<T>(request: HttpRequest, send: () => T): T {
  return ownRequest.run(request, send);
}

const MISDIRECTED = 421;
const CORRELATION_ID = "x-external-correlation-id";

/** The part of a published message that is read here. */
interface Published {
  readonly request: { readonly method: string; readonly path: string; readonly headers: HeaderFields };
  readonly response: { readonly statusCode: number; readonly headers: HeaderFields };
}

/**
 * Calls `listener` when undici's `fetch` receives a 421 for the request, with the response up to its header.
 *
 * The Fetch Standard makes `fetch` send a request again after a 421. Only a body of unknown source would prevent that, but other
 * implementations and mocks do not accept one, and some requests have no body. So the listener must stop the `fetch`.
 *
 * @returns a function that unsubscribes.
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

/** Returns the header if the message is a 421 to the request. It never throws: an exception in a subscriber ends the process. */
function findMisdirection(
  own: HttpRequest,
  correlationId: string | undefined,
  created: WeakSet<object>,
  message: unknown,
) {
  try {
    const { request, response } = message as Published;
    if (response.statusCode !== MISDIRECTED) return undefined;
    // A busy pool may create the request in the context of another one, so the correlation id identifies it too. A proxy without
    // a tunnel gets the whole URL as the path.
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
