import { findRoute } from "./find-route.js";
import type { KioskOperation } from "./kiosk-operation.js";
import type { SimulatedRequest } from "./simulated-http.js";

/** A request that reached the simulator. */
export interface ReceivedRequest {
  /** `undefined` where the path or method is none of Wise's. */
  readonly operation: KioskOperation | undefined;
  readonly method: string;
  /** The path as it was sent, percent-encoded. */
  readonly path: string;
  /** By lower-case name, without `authorization`. */
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed where it is JSON, else the text; `undefined` where there was none. */
  readonly body: unknown;
}

/** What is kept of a request: all but the token. */
export function receivedRequest({ method, path, headers, body }: SimulatedRequest): ReceivedRequest {
  const { authorization: _authorization, ...kept } = headers;
  return { operation: operationOf({ method, path }), method, path, headers: kept, body: bodyOf(body) };
}

/** The operation that a request asks for. */
export function operationOf({ method, path }: Pick<SimulatedRequest, "method" | "path">): KioskOperation | undefined {
  return findRoute(path)?.operations[method];
}

function bodyOf(text: string): unknown {
  if (text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
