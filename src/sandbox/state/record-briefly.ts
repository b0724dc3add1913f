import { type ReceivedRequest, type RequestResult, receivedRequest } from "../../testing/api/received-request.js";
import type { SimulatedRequest } from "../../testing/api/simulated-http.js";

/** How much of a body the journal keeps. Wise's own bodies are far smaller, and parsed JSON needs up to 30 times its text. */
const KEPT_BYTES = 4096;

/**
 * Returns the record of a request for the journal of a sandbox, whose memory anyone may fill who reaches its port: without the body
 * of a request that was refused for its token, and with the first 4 KiB of any other body, as text that ends with `…`.
 */
export function recordBriefly(request: SimulatedRequest, result: RequestResult): ReceivedRequest {
  const body = result.isUnauthorized ? "" : shorten(request.body);
  const received = receivedRequest({ ...request, body }, result);
  const { response } = received;
  return response === undefined ? received : { ...received, response: { ...response, body: shorten(response.body) } };
}

function shorten(text: string): string {
  const bytes = Buffer.from(text);
  // A part of a string keeps the whole string in memory; a part of its bytes becomes a new one.
  return bytes.length <= KEPT_BYTES ? text : `${bytes.toString("utf8", 0, KEPT_BYTES)}…`;
}
