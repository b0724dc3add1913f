import type { TransportResult } from "./http-message.js";

/** The error message for a request that may no longer start. */
export const REFUSED_START = "The request may no longer start";

/** Returns the result of a request that may no longer start, so that it was not sent. */
export function createRefusedStart(): TransportResult {
  return { kind: "failed", requestSent: false, cause: new Error(REFUSED_START) };
}
