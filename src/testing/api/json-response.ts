import type { AssumedResponse } from "./assumptions.js";
import type { SimulatedResponse } from "./simulated-http.js";

/** Statuses with which no body may come. */
export const WITHOUT_BODY: ReadonlySet<number> = new Set([204, 205, 304]);

/** A response with a JSON body. */
export function jsonResponse(status: number, body: unknown, headers: Record<string, string> = {}): SimulatedResponse {
  return { status, headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(body) };
}

/** A response without a body that calls itself JSON, as those of Wise do. */
export function emptyResponse(status: number): SimulatedResponse {
  return { status, headers: { "content-type": "application/json" }, body: "" };
}

/** A response as a test asked for it: JSON, the text itself, or nothing if no body may come. */
export function givenResponse(
  { httpStatus, body }: AssumedResponse,
  headers: Readonly<Record<string, string>> = {},
): SimulatedResponse {
  const lowerCase = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  if (body === undefined || WITHOUT_BODY.has(httpStatus))
    return { status: httpStatus, headers: { ...emptyResponse(httpStatus).headers, ...lowerCase }, body: "" };
  if (typeof body !== "string") return jsonResponse(httpStatus, body, lowerCase);
  return { status: httpStatus, headers: { "content-type": "text/plain", ...lowerCase }, body };
}
