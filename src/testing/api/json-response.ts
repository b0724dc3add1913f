import type { AssumedResponse } from "./assumptions.js";
import type { SimulatedResponse } from "./simulated-http.js";

/** Statuses of responses that must not have a body. */
export const WITHOUT_BODY: ReadonlySet<number> = new Set([204, 205, 304]);

/**
 * Header fields of a connection and of the encoding of a body. Each adapter has its own, and the body is not encoded, so those of a
 * recorded response are left out.
 */
const OF_CONNECTION: ReadonlySet<string> = new Set([
  "connection",
  "content-encoding",
  "content-length",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** Returns a response with a JSON body. */
export function jsonResponse(status: number, body: unknown, headers: Record<string, string> = {}): SimulatedResponse {
  return { status, headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(body) };
}

/** Returns a response with an empty body and a JSON content type, as Wise sends it. */
export function emptyResponse(status: number): SimulatedResponse {
  return { status, headers: { "content-type": "application/json" }, body: "" };
}

/** Returns a custom response: JSON, the text itself, or no body if it is missing or the status must not have one. */
export function givenResponse(
  { httpStatus, body }: AssumedResponse,
  headers: Readonly<Record<string, string>> = {},
): SimulatedResponse {
  const lowerCase = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  const sent = Object.fromEntries(lowerCase.filter(([name]) => !OF_CONNECTION.has(name)));
  if (body === undefined || WITHOUT_BODY.has(httpStatus))
    return { status: httpStatus, headers: { ...emptyResponse(httpStatus).headers, ...sent }, body: "" };
  if (typeof body !== "string") return jsonResponse(httpStatus, body, sent);
  return { status: httpStatus, headers: { "content-type": "text/plain", ...sent }, body };
}
