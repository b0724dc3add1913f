import type { WebRequest, WebResponse } from "../webhooks/web-types.js";
import { WITHOUT_BODY } from "./json-response.js";
import { bodyTerminated, connectionEnded, connectionRefused, connectionReset, fetchFailed } from "./network-errors.js";
import { firstHalf, type Outcome } from "./outcome.js";
import { pause, untilAborted } from "./pause.js";
import { operationOf } from "./received-request.js";
import type { SimulatedRequest, SimulatedResponse } from "./simulated-http.js";
import type { SimulatorCore } from "./simulator-core.js";

/** The second argument of a `fetch`, as far as the simulator reads it. */
export interface SimulatorFetchInit {
  /** The HTTP method. Default: `GET`, or that of the request that is given. */
  readonly method?: string | undefined;
  /** The header fields, in any form that `fetch` takes. */
  readonly headers?: unknown;
  /** The body, in any form that `fetch` takes. */
  readonly body?: unknown;
  /** Ends the request: it rejects with `signal.reason` at once. A request that has arrived may have taken effect. */
  readonly signal?: AbortSignal | null | undefined;
}

/** A `fetch` that a simulator answers, whatever the host. It can stand in for the global one. */
export type SimulatorFetch = (input: string | URL | WebRequest, init?: SimulatorFetchInit) => Promise<WebResponse>;

/** The adapter for clients that are given a `fetch`. If the network fails, it rejects as the `fetch` of Node.js does. */
export function fetchDoor(core: SimulatorCore): SimulatorFetch {
  return async (input, init) => {
    const given = isRequest(input) ? input : undefined;
    const signal = init?.signal ?? given?.signal;
    signal?.throwIfAborted();
    const own = given === undefined ? (input as string | URL) : await copyOf(given);
    const request = new Request(own, { ...(init as RequestInit), signal: null });
    const simulated = await requestOf(request);
    signal?.throwIfAborted();
    const met = core.faults.meet(operationOf(simulated));
    if (met?.fault === "connection-refused") throw fetchFailed(connectionRefused(request.url));
    const outcome = core.receive(simulated, met);
    if (core.latencyMs > 0) await pause(core.latencyMs, signal);
    return responseOf(outcome, signal);
  };
}

function isRequest(input: string | URL | WebRequest): input is Request {
  return typeof input === "object" && "url" in input;
}

/** Copies a request into the `Request` of this realm, which does not accept one of another, such as that of a test environment. */
async function copyOf(request: Request): Promise<Request> {
  const { url, method, headers } = request;
  const body = await request.text();
  return new Request(url, { method, headers: [...headers], ...(body === "" ? {} : { body }) });
}

async function requestOf(request: Request): Promise<SimulatedRequest> {
  const { pathname, search } = new URL(request.url);
  // happy-dom keeps the letter case in which the caller wrote them.
  const headers = Object.fromEntries([...request.headers].map(([name, value]) => [name.toLowerCase(), value]));
  return { method: request.method, path: pathname + search, headers, body: await request.text() };
}

async function responseOf(outcome: Outcome, signal: AbortSignal | null | undefined): Promise<Response> {
  switch (outcome.kind) {
    case "answered":
      return complete(outcome.response);
    case "truncated":
      return truncated(outcome.response);
    case "reset":
      throw fetchFailed(connectionReset());
    case "ended":
      throw fetchFailed(connectionEnded());
    case "silent":
      return untilAborted(signal);
  }
}

function complete({ status, headers, body }: SimulatedResponse): Response {
  return new Response(WITHOUT_BODY.has(status) ? null : body, { status, headers });
}

function truncated({ status, headers, body }: SimulatedResponse): Response {
  const pulls = [
    (controller: ReadableStreamDefaultController) => controller.enqueue(new TextEncoder().encode(firstHalf(body))),
    (controller: ReadableStreamDefaultController) => controller.error(bodyTerminated()),
  ];
  const stream = new ReadableStream({ pull: (controller) => pulls.shift()?.(controller) });
  return new Response(stream, { status, headers });
}
