import { BoundedBody } from "./bounded-body.js";
import type { FetchLike, FetchResponseLike } from "./fetch-like.js";
import type { HttpRequest, HttpResponse, TransportResult } from "./http-message.js";
import { wasNeverSent } from "./never-sent.js";
import { ownConnection } from "./own-connection.js";

/** The response headers that are read. `Headers` of other makes can not all be listed, so each is asked for. */
const READ_HEADERS = ["content-type", "date", "retry-after", "x-rate-limited-by", "x-trace-id"];

/** Sends a request through a `fetch`. */
export async function sendThroughFetch(
  fetch: FetchLike,
  { origin, path, method, headers, body }: HttpRequest,
  signal: AbortSignal,
): Promise<TransportResult> {
  const connection = method === "GET" ? undefined : ownConnection();
  let answered = false;
  try {
    const content = body === undefined ? {} : { body };
    const init = {
      method,
      headers: { ...headers },
      redirect: "manual",
      signal,
      ...content,
      ...connection?.init,
    } as const;
    const response = await fetch(origin + path, init);
    answered = true;
    return { kind: "answered", response: await read(response) };
  } catch (error) {
    return { kind: "failed", requestSent: answered || !wasNeverSent(error), cause: error };
  } finally {
    connection?.close();
  }
}

async function read(response: FetchResponseLike): Promise<HttpResponse> {
  const headers = new Map<string, string>();
  for (const name of READ_HEADERS) {
    const value = response.headers.get(name);
    if (typeof value === "string") headers.set(name, value);
  }
  const body = new BoundedBody();
  for await (const chunk of chunksOf(response)) {
    body.push(chunk);
    if (body.oversized) break;
  }
  return { status: response.status, headers, body: body.bytes(), oversized: body.oversized };
}

async function* chunksOf(response: FetchResponseLike): AsyncGenerator<Uint8Array> {
  const { body } = response;
  if (isAsyncIterable(body)) yield* body;
  else if (response.arrayBuffer !== undefined) yield new Uint8Array(await response.arrayBuffer());
  else if (response.text !== undefined) yield new TextEncoder().encode(await response.text());
}

function isAsyncIterable(value: unknown): value is AsyncIterable<Uint8Array> {
  return typeof value === "object" && value !== null && Symbol.asyncIterator in value;
}
