import { type Fault, isDelayedArrival } from "../faults/fault.js";
import { givenResponse } from "./json-response.js";
import type { SimulatedResponse } from "./simulated-http.js";

/** What an adapter must let its caller see. */
export type ConnectionOutcome =
  /** The answer arrives. */
  | { readonly kind: "complete"; readonly response: SimulatedResponse }
  /** The connection ends in the middle of the answer's body. */
  | { readonly kind: "truncated"; readonly response: SimulatedResponse }
  /** The connection is reset, or ends, before an answer. */
  | { readonly kind: "reset" }
  | { readonly kind: "closed" }
  /** Nothing more happens. */
  | { readonly kind: "no-response" };

/** What a fault makes of an answer. */
export function applyFault(fault: Fault, response: SimulatedResponse): ConnectionOutcome {
  switch (fault) {
    case "connection-refused":
    case "connection-reset":
      return { kind: "reset" };
    case "lost-response":
      return { kind: "closed" };
    case "timeout":
      return { kind: "no-response" };
    case "malformed-json":
      return { kind: "complete", response: { ...response, body: truncateBody(nonEmptyBody(response)) } };
    case "truncated-body":
      return { kind: "truncated", response: { ...response, body: nonEmptyBody(response) } };
    default: {
      if (isDelayedArrival(fault)) return { kind: "closed" };
      const { headers, ...rest } = givenResponse(fault, fault.headers);
      return { kind: "complete", response: { ...rest, headers: { ...response.headers, ...headers } } };
    }
  }
}

/** The response as far as it was sent; `undefined` if nothing was. */
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

/** The part of a body that arrives before it breaks off: never the whole, and of JSON never JSON. */
export function truncateBody(body: string): string {
  return body.slice(0, Math.ceil(body.length / 2));
}

/** An answer without a body needs one in which it can break off. */
function nonEmptyBody({ body }: SimulatedResponse): string {
  return body === "" ? "{}" : body;
}
