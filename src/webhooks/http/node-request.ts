import { BodyBuffer } from "./body-buffer.js";
import { MAX_DELIVERY_BYTES } from "./handler.js";
import { rawBodyError, toBodyBytes } from "./raw-body.js";
import { toWebRequest } from "./web-request.js";
import type { WebRequest } from "./web-types.js";

/** What a listener needs of a request: `IncomingMessage` of `node:http`, and so the requests of Express, have it. */
export interface NodeRequest {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The raw body, if something kept it: counts if it is a `Buffer` or a string. */
  readonly rawBody?: unknown;
  /** What a body parser made of the body: counts if that is a `Buffer` or a string. */
  readonly body?: unknown;
  readonly readableDidRead?: boolean | undefined;
  readonly destroyed?: boolean | undefined;
  on(event: string, listener: (...values: never[]) => void): unknown;
  destroy(): unknown;
}

/** Above the limit the rest is still taken off the wire, so that the client comes to read its 413, but no further than here. */
const MAX_DISCARDED_BYTES = 16 * MAX_DELIVERY_BYTES;

/** One byte more than the handler takes: it is the handler that refuses a body above the limit. */
const ABOVE_LIMIT = new Uint8Array(MAX_DELIVERY_BYTES + 1);

/** The same request for a handler. A body that cannot be read becomes one that fails when the handler reads it. */
export async function nodeToWebRequest(request: NodeRequest): Promise<WebRequest> {
  const { method, url, headers } = request;
  return toWebRequest({ method, url, headers }, () => findBody(request));
}

async function findBody(request: NodeRequest): Promise<Uint8Array<ArrayBuffer>> {
  const kept = [request.rawBody, request.body].find((body) => typeof body === "string" || ArrayBuffer.isView(body));
  if (kept !== undefined) return toBodyBytes(kept);
  if (request.readableDidRead) throw rawBodyError();
  return readNodeBody(request);
}

function readNodeBody(request: NodeRequest): Promise<Uint8Array<ArrayBuffer>> {
  return new Promise((resolve, reject) => {
    const body = new BodyBuffer(MAX_DELIVERY_BYTES);
    let discarded = 0;
    const discard = (chunk: Uint8Array) => {
      resolve(ABOVE_LIMIT);
      discarded += chunk.length;
      if (discarded > MAX_DISCARDED_BYTES) request.destroy();
    };
    const fail = (cause?: unknown) =>
      reject(new Error("The connection was closed before the body was complete", { cause }));
    request.on("data", (chunk: Uint8Array) => {
      try {
        if (discarded > 0 || !body.append(chunk)) discard(chunk);
      } catch (error) {
        reject(error);
      }
    });
    request.on("end", () => resolve(body.bytes()));
    // Node.js says why only if somebody listens, and not over HTTP/2.
    request.on("error", fail);
    request.on("close", () => fail());
    if (request.destroyed) fail();
  });
}
