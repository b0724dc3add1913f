import { type Fault, isDelayedArrival } from "../faults/fault.js";
import { givenResponse, WITHOUT_BODY } from "./json-response.js";
import type { SimulatedResponse } from "./simulated-http.js";

/** What an adapter must show its caller. */
export type ConnectionOutcome =
  /** The response arrives. */
  | { readonly kind: "complete"; readonly response: SimulatedResponse }
  /** The connection is closed in the middle of the response body. */
  | { readonly kind: "truncated"; readonly response: SimulatedResponse }
  /** The connection is reset before a response. */
  | { readonly kind: "reset" }
  /** The connection is closed before a response. */
  | { readonly kind: "closed" }
  /** No response arrives, and the connection stays open. */
  | { readonly kind: "no-response" };

/** Returns what the caller sees, also if a fault applies to the request. The response to `HEAD` has no body. */
export function seenOutcome(method: string, response: SimulatedResponse, fault: Fault | undefined): ConnectionOutcome {
  const outcome: ConnectionOutcome =
    fault === undefined ? { kind: "complete", response } : applyFault(fault, method, response);
  if (method !== "HEAD" || !("response" in outcome)) return outcome;
  return { kind: "complete", response: { ...outcome.response, body: "" } };
}

function applyFault(fault: Fault, method: string, response: SimulatedResponse): ConnectionOutcome {
  switch (fault) {
    case "connection-refused":
    case "connection-reset":
      return { kind: "reset" };
    case "lost-response":
      return { kind: "closed" };
    case "timeout":
      return { kind: "no-response" };
    case "malformed-json":
    case "truncated-body": {
      if (method === "HEAD" || WITHOUT_BODY.has(response.status)) return { kind: "closed" };
      const whole = { ...response, body: nonEmptyBody(response) };
      if (fault === "truncated-body") return { kind: "truncated", response: whole };
      return { kind: "complete", response: { ...whole, body: truncateBody(whole.body) } };
    }
    default: {
      if (isDelayedArrival(fault)) return { kind: "closed" };
      const { headers, ...rest } = givenResponse(fault, fault.headers);
      return { kind: "complete", response: { ...rest, headers: { ...response.headers, ...headers } } };
    }
  }
}

/** Returns the response as far as it was sent, or `undefined` if nothing was. */
export function sentResponse(outcome: ConnectionOutcome): SimulatedResponse | undefined {
  switch (outcome.kind) {
    case "complete":
      return outcome.response;
    case "truncated":
      return { ...outcome.response, body: truncateBody(outcome.response.body) };
    default:
      return undefined;
  }
}

/** Returns the first half of a body, which for a JSON object is not valid JSON. */
export function truncateBody(body: string): string {
  return body.slice(0, Math.ceil(body.length / 2));
}

/** Returns the body of a response, or `{}` if it is empty, so that there is something to cut off. */
function nonEmptyBody({ body }: SimulatedResponse): string {
  return body === "" ? "{}" : body;
}
