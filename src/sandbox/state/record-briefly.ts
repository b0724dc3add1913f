import { hideSecrets } from "../../testing/api/hide-secrets.js";
import { type ReceivedRequest, type RequestResult, receivedRequest } from "../../testing/api/received-request.js";
import type { SimulatedRequest } from "../../testing/api/simulated-http.js";
import type { HiddenCredentials } from "./hidden-credentials.js";

/** How much of a body the journal keeps. Wise's own bodies are far smaller, and parsed JSON needs up to 30 times its text. */
const KEPT_BYTES = 4096;

/**
 * Returns the record of a request for the journal of a sandbox, whose memory anyone may fill who reaches its port: without the body
 * of a request that was refused for its token, and with the first 4 KiB of any other body, as text that ends with `…`. Credentials
 * are hidden, wherever the request has put them.
 */
export function recordBriefly(
  request: SimulatedRequest,
  result: RequestResult,
  credentials: HiddenCredentials,
): ReceivedRequest {
  const keep = (text: string, isResponse: boolean) => {
    // Before a part of the token is cut off.
    const bytes = Buffer.from(credentials.hideToken(text));
    // A part of a string keeps the whole string in memory; a part of its bytes becomes a new one.
    const kept = hideSecrets(bytes.toString("utf8", 0, KEPT_BYTES), isResponse);
    return bytes.length <= KEPT_BYTES ? kept : `${kept}…`;
  };
  const headers = Object.entries(request.headers).map(([name, value]) => [name, credentials.hide(value)]);
  const received = receivedRequest(
    {
      ...request,
      path: credentials.hide(request.path),
      headers: Object.fromEntries(headers),
      body: result.isUnauthorized ? "" : keep(request.body, false),
    },
    result,
  );
  const { response } = received;
  return response === undefined
    ? received
    : { ...received, response: { ...response, body: keep(response.body, true) } };
}
