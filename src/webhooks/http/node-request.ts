import { toBytes } from "../../text/bytes.js";
import { BodyBuffer } from "./body-buffer.js";
import { MAX_DELIVERY_BYTES } from "./handler.js";
import { rawBodyError, toBodyBytes } from "./raw-body.js";
import { toWebRequest } from "./web-request.js";
import type { WebRequest } from "./web-types.js";

/** The parts of a request that a listener uses: an `IncomingMessage` of `node:http`, and so a request of Express, has them. */
export interface NodeRequest {
  /** The method: only `POST` is accepted. */
  readonly method?: string | undefined;
  /** The path and query. */
  readonly url?: string | undefined;
  /** The headers, with names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The raw body, if a body parser kept it. Used if it is bytes or a string. */
  readonly rawBody?: unknown;
  /** The result of a body parser. Used if it is bytes or a string, and `rawBody` is not. */
  readonly body?: unknown;
  /** Whether something has read from the request. */
  readonly readableDidRead?: boolean | undefined;
  /** Whether something has read the request to its end. */
  readonly readableEnded?: boolean | undefined;
  /** Whether the request was destroyed, for example because the connection was closed. */
  readonly destroyed?: boolean | undefined;
  /** Whether the sender aborted the request. */
  readonly aborted?: boolean | undefined;
  /** Adds a listener for `data`, `end`, `error` or `close`. */
  // biome-ignore lint/suspicious/noExplicitAny: a listener of @types/node 26 takes any[], which is not assignable to never[]
  on(event: string, listener: (...values: any[]) => void): unknown;
  /** Resumes a request that was paused. */
  readonly resume?: (() => unknown) | undefined;
  /** Closes the connection. */
  destroy(): unknown;
}

/** How much of a body above the limit is still read and discarded, in bytes, so that the client gets to read its 413. */
const MAX_DISCARDED_BYTES = 16 * MAX_DELIVERY_BYTES;

/** A body one byte above the limit, so that the handler itself refuses it. */
const ABOVE_LIMIT = new Uint8Array(MAX_DELIVERY_BYTES + 1);

/** Converts the request for a handler. If its body cannot be read, the converted body fails when the handler reads it. */
export async function nodeToWebRequest(request: NodeRequest): Promise<WebRequest> {
  const { method, url, headers } = request;
  return toWebRequest({ method, url, headers }, () => findBody(request));
}

async function findBody(request: NodeRequest): Promise<Uint8Array<ArrayBuffer>> {
  const kept = [request.rawBody, request.body].find((body) => typeof body === "string" || toBytes(body));
  if (kept !== undefined) return toBodyBytes(kept);
  if (request.readableDidRead) throw rawBodyError();
  // A body parser has read an empty body, which destroys the request. Over HTTP/2, an aborted request ends too.
  if (request.readableEnded && !request.aborted) return new Uint8Array();
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
    // Node.js emits the cause only if there is a listener, and not over HTTP/2.
    request.on("error", fail);
    request.on("close", () => fail());
    // A `data` listener does not wake a request that an earlier middleware has paused.
    request.resume?.();
    // Over HTTP/2, an aborted request is not destroyed.
    if (request.destroyed || request.aborted) fail();
  });
}
