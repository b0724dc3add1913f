import { pause } from "./pause.js";
import type { SimulatedRequest, SimulatedResponse } from "./simulated-http.js";
import type { SimulatorCore } from "./simulator-core.js";

/** A `fetch` that a simulator answers, whatever the host. */
export type SimulatorFetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

/** The door for clients that are given a `fetch`. */
export function fetchDoor(core: SimulatorCore): SimulatorFetch {
  return async (input, init) => {
    const signal = init?.signal ?? (input instanceof Request ? input.signal : undefined);
    signal?.throwIfAborted();
    const response = core.receive(await requestOf(new Request(input, { ...init, signal: null })));
    if (core.latencyMs > 0) await pause(core.latencyMs, signal);
    return responseOf(response);
  };
}

async function requestOf(request: Request): Promise<SimulatedRequest> {
  const { pathname, search } = new URL(request.url);
  const headers = Object.fromEntries(request.headers);
  return { method: request.method, path: pathname + search, headers, body: await request.text() };
}

/** Statuses with which no body may come. */
const WITHOUT_BODY: ReadonlySet<number> = new Set([204, 205, 304]);

function responseOf({ status, headers, body }: SimulatedResponse): Response {
  return new Response(WITHOUT_BODY.has(status) ? null : body, { status, headers });
}
