import { KioskError } from "./kiosk-error.js";

/**
 * Returns whether the call that ended with `error` may have taken effect at Wise. If so, read the status before you produce the
 * card again.
 *
 * Returns `false` only for an error of this package with `mayHaveTakenEffect: false`. After any other error the call may have
 * taken effect: neither the reason of an aborted `signal` nor a foreign error says anything about the request. Never abort a call
 * with an error of this package as the reason, because that error describes another call.
 *
 * @example
 * ```ts
 * import { mayHaveTakenEffect } from "wise-card-kiosk";
 *
 * try {
 *   await kiosk.produceCard({ ...card, kioskId: "WIS00001" }, { maxRetries: 0 });
 * } catch (error) {
 *   if (mayHaveTakenEffect(error)) await kiosk.waitForProduction(card);
 * }
 * ```
 *
 * @param error the value that the call rejected with.
 */
export function mayHaveTakenEffect(error: unknown): boolean {
  try {
    return !(error instanceof KioskError && error.mayHaveTakenEffect === false);
  } catch {
    return true;
  }
}
