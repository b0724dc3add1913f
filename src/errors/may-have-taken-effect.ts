import { KioskError } from "./kiosk-error.js";

/**
 * Whether the call that ended with `error` may have taken effect at Wise. If it may, read the status before you produce
 * again.
 *
 * It is `false` only for an error of this package whose `mayHaveTakenEffect` is `false`. Everything else may have taken
 * effect: the reason of an aborted `signal` says nothing about the request, nor does an error from elsewhere. So never abort
 * a call with an error of this package as the reason: it would answer for the call that it came from.
 *
 * @param error what a call rejected with.
 */
export function mayHaveTakenEffect(error: unknown): boolean {
  try {
    return !(error instanceof KioskError && error.mayHaveTakenEffect === false);
  } catch {
    return true;
  }
}
