import type { ErrorCodeKind } from "./error-code-description.js";
import type { ProductionErrorCode } from "./error-codes.js";

/**
 * The production errors that occur before the machine takes a card from the feeder. Wise does not document for any code how far
 * the kiosk got, so this list holds only errors that cannot occur later. After every other failure a card may be left:
 *
 * - `CB_…` and `SAT_…`, except the access checks: a server or network can fail or time out while the kiosk prints.
 * - `PRT_…`: Wise names chip encryption before printing, so the chip may be personalised when the printer stops.
 * - `PRD_…`: the card is on its way through the machine, jammed in it, in its reject box, or rejected by a person. A feeder jam
 *   counts, because Wise does not say that the jammed card is still blank.
 * - `UNKNOWN_ERROR`, and any code that this version does not know: it can be any of these.
 * - No code: this is what an uncollected card looks like, and the machine moves such a card to its reject box.
 */
const BEFORE_FEEDING: ReadonlySet<string> = new Set<ProductionErrorCode>([
  // Access is checked before an order to print exists.
  "CB_AUTHENTICATION_FAILED",
  "CB_SERVICE_NOT_ALLOWED",
  "SAT_AUTHENTICATION_FAILED",
  // The data is prepared before the machine receives it.
  "DP_NOT_AVAILABLE",
  "DP_IO_ERROR",
  "DP_TIMEOUT",
  // There is no card to take.
  "PRD_FEEDER_EMPTY",
  // Without an inventory the machine does not know which card to take.
  "INV_NOT_INITIALIZED",
]);

/**
 * Returns whether a personalised card may be left in the machine or its reject box after this error. The advice comes from this
 * package, not from Wise, and is `true` if in doubt.
 *
 * Returns `false` for every request code, because a request that is not accepted feeds no card. This includes
 * `REQUEST_CREATED_BUT_NOT_STARTED`, `REQUEST_ALREADY_EXISTS`, `PAN_ALREADY_EXISTS` and `UNKNOWN_ERROR`: a print may be running
 * or may still start, but its card is not left behind. If that print fails, its own `PRODUCTION_ERROR` says whether to look for
 * a card.
 */
export function mayLeaveCard(kind: ErrorCodeKind, code: string | null): boolean {
  return kind === "production" && !BEFORE_FEEDING.has(code ?? "");
}
