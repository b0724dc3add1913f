import { throwIfAborted } from "../../time/abort-reason.js";
import { pause, untilAborted } from "../../time/wait.js";
import type { WebRequest, WebResponse } from "../../webhooks/http/web-types.js";
import { type ConnectionOutcome, truncateBody } from "../api/connection-outcome.js";
import { WITHOUT_BODY } from "../api/json-response.js";
import { findOperation } from "../api/received-request.js";
import type { SimulatedRequest, SimulatedResponse } from "../api/simulated-http.js";
import type { SimulatorCore } from "../simulator/simulator-core.js";
import { bodyTerminated, connectionEnded, connectionRefused, connectionReset, fetchFailed } from "./network-errors.js";

/** The options of `fetch` that the simulator reads. */
export interface SimulatorFetchInit {
  /** The HTTP method. Default: that of the `Request`, or `GET` for a URL. */
  readonly method?: string | undefined;
  /** The header fields, in any form that `fetch` accepts. Default: those of the `Request`, or none for a URL. */
  readonly headers?: unknown;
  /** The body, in any form that `fetch` accepts. Default: that of the `Request`, or none for a URL. */
  readonly body?: unknown;
  /**
   * Aborts the request: its promise rejects with `signal.reason` immediately. A request that has already arrived may have taken
   * effect. Default: the signal of the `Request`, or none for a URL.
   */
  readonly signal?: AbortSignal | null | undefined;
}

/** A `fetch` that gets its responses from a simulator, whatever the host. It can replace the global one. */
export type SimulatorFetch = (input: string | URL | WebRequest, init?: SimulatorFetchInit) => Promise<WebResponse>;

/** Creates the adapter for clients that accept a `fetch`. If the connection fails, it rejects like the `fetch` of Node.js. */
export function createSimulatorFetch(core: SimulatorCore): SimulatorFetch {
  return async (input, init) => {
    const given = isRequest(input) ? input : undefined;
    const signal = init?.signal ?? given?.signal;
    throwIfAborted(signal);
    const givenBody = await given?.text();
    const own = given === undefined ? (input as string | URL) : copyRequest(given, givenBody);
    const request = new Request(own, { ...(init as RequestInit), signal: null });
    const simulated = await readFetchRequest(request, init?.body ?? givenBody);
    throwIfAborted(signal);
    const matched = core.faults.take(findOperation(simulated));
    if (matched?.fault === "connection-refused") throw fetchFailed(connectionRefused(request.url));
    const outcome = core.receive(simulated, matched);
    if (core.latencyMs > 0) await pause(core.latencyMs, signal);
    return toFetchResponse(outcome, signal);
  };
}

function isRequest(input: string | URL | WebRequest): input is Request {
  return typeof input === "object" && "url" in input;
}

/** Copies a request into this realm's `Request`, which rejects one from another realm, such as a test environment's. */
function copyRequest({ url, method, headers }: Request, body: string | undefined): Request {
  return new Request(url, { method, headers: [...headers], ...(body ? { body } : {}) });
}

/** Reads a request. A body that is text already is not read from it: Node.js ends that with `queueMicrotask`, which may be mocked. */
async function readFetchRequest(request: Request, given: unknown): Promise<SimulatedRequest> {
  const { pathname, search } = new URL(request.url);
  // happy-dom keeps the caller's letter case.
  const headers = Object.fromEntries([...request.headers].map(([name, value]) => [name.toLowerCase(), value]));
  const body = typeof given === "string" ? given : await request.text();
  return { method: request.method, path: pathname + search, headers, body };
}

async function toFetchResponse(outcome: ConnectionOutcome, signal: AbortSignal | null | undefined): Promise<Response> {
  switch (outcome.kind) {
    case "complete":
      return completeResponse(outcome.response);
    case "truncated":
      return truncated(outcome.response);
    case "reset":
      throw fetchFailed(connectionReset());
    case "closed":
      throw fetchFailed(connectionEnded());
    case "no-response":
      return untilAborted(signal);
  }
}

function completeResponse({ status, headers, body }: SimulatedResponse): Response {
  const stream = new ReadableStream({
    type: "bytes",
    start(controller) {
      if (body !== "") controller.enqueue(new TextEncoder().encode(body));
      controller.close();
    },
  });
  return new Response(WITHOUT_BODY.has(status) ? null : stream, { status, headers });
}

function truncated({ status, headers, body }: SimulatedResponse): Response {
  const stream = new ReadableStream({
    start: (controller) => controller.enqueue(new TextEncoder().encode(truncateBody(body))),
    pull: (controller) => controller.error(bodyTerminated()),
  });
  return new Response(stream, { status, headers });
}
