import { brand } from "./brand.js";
import { KioskError, type KioskErrorDetails } from "./kiosk-error.js";

/**
 * `onIntent` failed, so the request was not sent. `cause` is what it threw, unchanged. `mayHaveTakenEffect` is `true` if an
 * earlier request of the call may have taken effect.
 */
export class KioskIntentError extends KioskError<"ERR_INTENT"> {
  /** The name of the class, also in a bundle that renames it. */
  static override readonly name: string = /* @__PURE__ */ brand(this, "KioskIntentError");

  /** Creates the error, as this package does. For tests of your own code. */
  constructor(message: string, details?: KioskErrorDetails) {
    super("ERR_INTENT", message, details);
  }
}
