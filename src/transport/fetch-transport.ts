import { BoundedBody } from "./bounded-body.js";
import { dedicatedConnection } from "./dedicated-connection.js";
import type { FetchLike, FetchResponseLike } from "./fetch-like.js";
import type { HttpRequest, HttpResponse, StopSignal, TransportResult } from "./http-message.js";
import { onMisdirected, sendingFor } from "./misdirected-request.js";
import { wasNeverSent } from "./never-sent.js";
import { createRefusedStart } from "./refused-start.js";

/** The response headers that are read, each by name: not every implementation of `Headers` can be listed. */
const READ_HEADERS = ["age", "content-type", "date", "retry-after", "x-rate-limited-by", "x-trace-id"];

/** Sends a request through a `fetch`, once. After a 421 it stops the `fetch`, which would send the request again by itself. */
export async function sendThroughFetch(
  fetch: FetchLike,
  request: HttpRequest,
  signal: StopSignal,
  onStart: () => void = () => {},
  mayStart: () => boolean = () => true,
): Promise<TransportResult> {
  const { origin, path, method, headers, body } = request;
  const connection = method === "GET" ? undefined : dedicatedConnection();
  const controller = new AbortController();
  const stop = () => controller.abort();
  signal.addEventListener("abort", stop);
  let misdirected: HttpResponse | undefined;
  const unsubscribe = onMisdirected(request, (response) => {
    misdirected = response;
    stop();
  });
  let hasResponse = false;
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
    if (signal.aborted || !mayStart()) return createRefusedStart();
    onStart();
    const response = await sendingFor(request, () => fetch(origin + path, init));
    hasResponse = true;
    return { kind: "responded", response: await readResponse(response) };
  } catch (error) {
    if (misdirected !== undefined) return { kind: "responded", response: misdirected };
    return { kind: "failed", requestSent: hasResponse || !wasNeverSent(error), cause: error };
  } finally {
    unsubscribe();
    signal.removeEventListener("abort", stop);
    connection?.close();
  }
}

async function readResponse(response: FetchResponseLike): Promise<HttpResponse> {
  // A mock may resolve with anything.
  const { status, headers: received } = Object(response) as FetchResponseLike;
  if (!Number.isInteger(status) || typeof received?.get !== "function")
    throw new TypeError("fetch must resolve with a Response");
  const headers = new Map<string, string>();
  for (const name of READ_HEADERS) {
    const value = received.get(name);
    if (typeof value === "string") headers.set(name, value);
  }
  const body = new BoundedBody();
  for await (const chunk of readChunks(response)) {
    body.push(chunk);
    if (body.oversized) break;
  }
  return { status, headers, body: body.bytes(), oversized: body.oversized };
}

async function* readChunks(response: FetchResponseLike): AsyncGenerator<unknown> {
  const { body } = response;
  if (isAsyncIterable(body)) yield* body;
  else if (response.arrayBuffer !== undefined) yield new Uint8Array(await response.arrayBuffer());
  else if (response.text !== undefined) yield new TextEncoder().encode(await response.text());
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof (value as AsyncIterable<unknown> | null | undefined)?.[Symbol.asyncIterator] === "function";
}
