import type { TransportResult } from "./http-message.js";

/** The message of the error of a request that its sender did not allow to start. */
export const REFUSED_START = "The request may no longer start";

/** Returns the result of a request that its sender did not allow to start. */
export function refusedStart(): TransportResult {
  return { kind: "failed", requestSent: false, cause: new Error(REFUSED_START) };
}
