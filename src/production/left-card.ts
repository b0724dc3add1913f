import type { ErrorCodeKind } from "./error-code-description.js";
import type { ProductionErrorCode } from "./error-codes.js";

/**
 * The production errors that come before a card is taken from the feeder. Wise documents for no code how far the kiosk had
 * come, so this list holds only what cannot happen later. After every other code, a code that this version does not know, and
 * a failure without a code, a card may be left:
 *
 * - `CB_…` and `SAT_…` apart from the access checks: a server or network can fail, or a time limit pass, while the kiosk
 *   prints.
 * - `PRT_…`: Wise names chip encryption before printing, so the chip may be personalised when the printer stops.
 * - `PRD_…`: the card is on its way through the machine, jammed in it, in its reject box, or rejected by a person. A jam in
 *   the feeder counts, because Wise does not say that the jammed card is still blank.
 * - `UNKNOWN_ERROR`: it can be any of these.
 * - No code: this is what a card looks like that no one collected, and the machine moves such a card to its reject hopper.
 */
const BEFORE_FEEDING: ReadonlySet<string> = new Set<ProductionErrorCode>([
  // Access is checked before there is an order to print.
  "CB_AUTHENTICATION_FAILED",
  "CB_SERVICE_NOT_ALLOWED",
  "SAT_AUTHENTICATION_FAILED",
  // The data is prepared before it is sent to the machine.
  "DP_NOT_AVAILABLE",
  "DP_IO_ERROR",
  "DP_TIMEOUT",
  // There was no card to take.
  "PRD_FEEDER_EMPTY",
  // Without an inventory the machine does not know which card to take.
  "INV_NOT_INITIALIZED",
]);

/**
 * Returns whether a personalised card may be left in the machine or its reject box after this error. This is the advice of
 * this package, not of Wise: in doubt it is `true`.
 *
 * `false` for every request code: a request that is not accepted feeds no card. `REQUEST_CREATED_BUT_NOT_STARTED`,
 * `REQUEST_ALREADY_EXISTS`, `PAN_ALREADY_EXISTS` and `UNKNOWN_ERROR` are no exception. A print may be running or still
 * start, but a card that a kiosk is about to print is not left behind. If that print fails, its own `PRODUCTION_ERROR` says
 * whether to look for a card.
 */
export function mayLeaveCard(kind: ErrorCodeKind, code: string | null): boolean {
  return kind === "production" && !BEFORE_FEEDING.has(code ?? "");
}
