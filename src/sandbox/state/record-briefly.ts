import { hideSecrets } from "../../testing/api/hide-secrets.js";
import { type ReceivedRequest, type RequestResult, receivedRequest } from "../../testing/api/received-request.js";
import type { SimulatedRequest } from "../../testing/api/simulated-http.js";
import type { HiddenCredentials } from "./hidden-credentials.js";

/** How much of a body the journal keeps. Wise's own bodies are far smaller, and parsed JSON needs up to 30 times its text. */
const KEPT_BYTES = 4096;

/**
 * Returns the record of a request for the sandbox's journal. Anyone who reaches the port could fill its memory, so it keeps 4 KiB of
 * a body (as text that ends with `…`), and none of a request whose token was refused.
 */
export function recordBriefly(
  request: SimulatedRequest,
  result: RequestResult,
  credentials: HiddenCredentials,
): ReceivedRequest {
  const headers = Object.entries(request.headers).map(([name, value]) => [name, credentials.hideToken(value)]);
  const shown = {
    ...request,
    path: credentials.hideToken(request.path),
    headers: Object.fromEntries(headers),
    body: result.isUnauthorized ? "" : request.body,
  };
  return receivedRequest(shown, result, (text, isResponse) => {
    // Before a part of the token is cut off.
    const bytes = Buffer.from(credentials.hideToken(text));
    // A part of a string keeps the whole string in memory; a part of its bytes becomes a new one.
    const kept = hideSecrets(bytes.toString("utf8", 0, KEPT_BYTES), isResponse);
    return bytes.length <= KEPT_BYTES ? kept : `${kept}…`;
  });
}
