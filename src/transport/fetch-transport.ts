import { BoundedBody } from "./bounded-body.js";
import type { FetchLike, FetchResponseLike } from "./fetch-like.js";
import type { HttpRequest, HttpResponse, TransportResult } from "./http-message.js";
import { onMisdirected, sendingFor } from "./misdirected-request.js";
import { wasNeverSent } from "./never-sent.js";
import { ownConnection } from "./own-connection.js";

/** The response headers that are read. `Headers` of other makes can not all be listed, so each is asked for. */
const READ_HEADERS = ["content-type", "date", "retry-after", "x-rate-limited-by", "x-trace-id"];

/** Sends a request through a `fetch`, once: also if the response is a 421, which makes a `fetch` send it again by itself. */
export async function sendThroughFetch(
  fetch: FetchLike,
  request: HttpRequest,
  signal: AbortSignal,
  onStart: () => void = () => {},
): Promise<TransportResult> {
  const { origin, path, method, headers, body } = request;
  const connection = method === "GET" ? undefined : ownConnection();
  const controller = new AbortController();
  const stop = () => controller.abort();
  signal.addEventListener("abort", stop, { once: true });
  let misdirected: HttpResponse | undefined;
  const unsubscribe = onMisdirected(request, (response) => {
    misdirected = response;
    stop();
  });
  let answered = false;
  try {
    const content = body === undefined ? {} : { body };
    const init = {
      method,
      headers: { ...headers },
      redirect: "manual",
      signal: controller.signal,
      ...content,
      ...connection?.init,
    } as const;
    onStart();
    const response = await sendingFor(request, () => fetch(origin + path, init));
    answered = true;
    return { kind: "answered", response: await read(response) };
  } catch (error) {
    if (misdirected !== undefined) return { kind: "answered", response: misdirected };
    return { kind: "failed", requestSent: answered || !wasNeverSent(error), cause: error };
  } finally {
    unsubscribe();
    signal.removeEventListener("abort", stop);
    connection?.close();
  }
}

async function read(response: FetchResponseLike): Promise<HttpResponse> {
  const { status } = response;
  if (!Number.isInteger(status)) throw new TypeError("fetch resolved with a response without an HTTP status");
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
  return { status, headers, body: body.bytes(), oversized: body.oversized };
}

async function* chunksOf(response: FetchResponseLike): AsyncGenerator<unknown> {
  const { body } = response;
  if (isAsyncIterable(body)) yield* body;
  else if (response.arrayBuffer !== undefined) yield new Uint8Array(await response.arrayBuffer());
  else if (response.text !== undefined) yield new TextEncoder().encode(await response.text());
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === "object" && value !== null && Symbol.asyncIterator in value;
}
