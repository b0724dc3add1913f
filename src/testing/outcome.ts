import { type Fault, isDelayedArrival } from "./fault.js";
import { givenResponse } from "./json-response.js";
import type { SimulatedResponse } from "./simulated-http.js";

/** What an adapter must let its caller see. */
export type Outcome =
  /** The answer arrives. */
  | { readonly kind: "answered"; readonly response: SimulatedResponse }
  /** The connection ends in the middle of the answer's body. */
  | { readonly kind: "truncated"; readonly response: SimulatedResponse }
  /** The connection is reset, or ends, before an answer. */
  | { readonly kind: "reset" }
  | { readonly kind: "ended" }
  /** Nothing more happens. */
  | { readonly kind: "silent" };

/** What a fault makes of an answer. */
export function faultyOutcome(fault: Fault, response: SimulatedResponse): Outcome {
  switch (fault) {
    case "connection-refused":
    case "connection-reset":
      return { kind: "reset" };
    case "lost-response":
      return { kind: "ended" };
    case "timeout":
      return { kind: "silent" };
    case "malformed-json":
      return { kind: "answered", response: { ...response, body: firstHalf(bodyOf(response)) } };
    case "truncated-body":
      return { kind: "truncated", response: { ...response, body: bodyOf(response) } };
    default: {
      if (isDelayedArrival(fault)) return { kind: "ended" };
      const { headers, ...rest } = givenResponse(fault, fault.headers);
      return { kind: "answered", response: { ...rest, headers: { ...response.headers, ...headers } } };
    }
  }
}

/** The response as far as it was sent; `undefined` if nothing was. */
export function sentResponse(outcome: Outcome): SimulatedResponse | undefined {
  switch (outcome.kind) {
    case "answered":
      return outcome.response;
    case "truncated":
      return { ...outcome.response, body: firstHalf(outcome.response.body) };
    default:
      return undefined;
  }
}

/** The part of a body that arrives before it breaks off: never the whole, and of JSON never JSON. */
export function firstHalf(body: string): string {
  return body.slice(0, Math.ceil(body.length / 2));
}

/** An answer without a body needs one in which it can break off. */
function bodyOf({ body }: SimulatedResponse): string {
  return body === "" ? "{}" : body;
}
