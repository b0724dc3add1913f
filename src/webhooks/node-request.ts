import { BodyBuffer } from "./body-buffer.js";
import { MAX_BODY_BYTES } from "./handler.js";
import { bytesOf, notRaw } from "./raw-body.js";
import type { WebHeaders, WebRequest } from "./web-types.js";

/** What a listener needs of a request: `IncomingMessage` of `node:http`, and so the requests of Express, have it. */
export interface NodeRequest {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The raw body, where something kept it: counts where it is a `Buffer` or a string. */
  readonly rawBody?: unknown;
  /** What a body parser made of the body: counts where that is a `Buffer` or a string. */
  readonly body?: unknown;
  readonly readableDidRead?: boolean | undefined;
  readonly destroyed?: boolean | undefined;
  on(event: string, listener: (...values: never[]) => void): unknown;
  destroy(): unknown;
}

/** Above the limit the rest is still taken off the wire, so that the client comes to read its 413, but no further than here. */
const MAX_DISCARDED_BYTES = 16 * MAX_BODY_BYTES;

/** One byte more than the handler takes: it is the handler that refuses a body above the limit. */
const ABOVE_LIMIT = new Uint8Array(MAX_BODY_BYTES + 1);

/**
 * The same request for a handler. Methods other than POST are all one to it, and not all of them can be in a `Request`. A body
 * that can not be had becomes one that fails when the handler reads it, so that its `onError` hears why.
 */
export async function webRequestOf(request: NodeRequest): Promise<WebRequest> {
  const url = urlOf(request.url ?? "/");
  const headers = webHeadersOf(request.headers);
  if (request.method !== "POST") return new Request(url, { headers });
  const body = await bodyOf(request).catch(failingBody);
  return new Request(url, { method: "POST", headers, body, duplex: "half" });
}

function urlOf(path: string): URL {
  const base = "http://localhost";
  const url = URL.canParse(path, base) ? new URL(path, base) : new URL(base);
  // A `Request` refuses them.
  url.username = "";
  url.password = "";
  return url;
}

function webHeadersOf(record: NodeRequest["headers"]): WebHeaders {
  const headers = new Headers();
  for (const [name, values] of Object.entries(record)) {
    const isPseudoHeader = name.startsWith(":");
    for (const value of isPseudoHeader ? [] : [values ?? []].flat()) headers.append(name, value);
  }
  return headers;
}

function failingBody(error: unknown): ReadableStream {
  return new ReadableStream({ pull: (controller) => controller.error(error) });
}

async function bodyOf(request: NodeRequest): Promise<Uint8Array<ArrayBuffer>> {
  const kept = [request.rawBody, request.body].find((body) => typeof body === "string" || ArrayBuffer.isView(body));
  if (kept !== undefined) return bytesOf(kept);
  if (request.readableDidRead) throw notRaw();
  return readBody(request);
}

function readBody(request: NodeRequest): Promise<Uint8Array<ArrayBuffer>> {
  return new Promise((resolve, reject) => {
    const body = new BodyBuffer(MAX_BODY_BYTES);
    let discarded = 0;
    const discard = (chunk: Uint8Array) => {
      resolve(ABOVE_LIMIT);
      discarded += chunk.length;
      if (discarded > MAX_DISCARDED_BYTES) request.destroy();
    };
    const closed = () => reject(new Error("The connection was closed before the body was complete"));
    request.on("data", (chunk: Uint8Array) => {
      try {
        if (discarded > 0 || !body.append(chunk)) discard(chunk);
      } catch (error) {
        reject(error);
      }
    });
    request.on("end", () => resolve(body.bytes()));
    request.on("error", closed);
    request.on("close", closed);
    if (request.destroyed) closed();
  });
}
