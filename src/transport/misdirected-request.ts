import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { type HeaderFields, headerMap } from "./header-map.js";
import type { HttpRequest, HttpResponse } from "./http-message.js";

/** On it every undici, also the one in Node.js, publishes the header of a response before it acts on it. */
const CHANNEL = "undici:request:headers";

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
  const onHeaders = (message: unknown) => {
    const headers = misdirectionOf(request, correlationId, message);
    if (headers !== undefined) listener({ status: MISDIRECTED, headers, body: new Uint8Array(), oversized: false });
  };
  subscribe(CHANNEL, onHeaders);
  return () => void unsubscribe(CHANNEL, onHeaders);
}

/** The header of a 421 to the request, if that is what was published. What a subscriber throws would end the process. */
function misdirectionOf(own: HttpRequest, correlationId: string | undefined, message: unknown) {
  try {
    const { request, response } = message as Published;
    if (response.statusCode !== MISDIRECTED || request.method !== own.method) return undefined;
    // A proxy that is not tunnelled through has the whole URL for a path.
    const isOwn = request.path.endsWith(own.path) && headerMap(request.headers).get(CORRELATION_ID) === correlationId;
    return isOwn ? headerMap(response.headers) : undefined;
  } catch {
    return undefined;
  }
}
