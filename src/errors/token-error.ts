import { brand } from "./brand.js";
import { KioskError, type KioskErrorDetails } from "./kiosk-error.js";

/** The token provider failed, or returned a value that cannot be sent. `cause` is the provider's own error, unchanged. */
export class KioskTokenError extends KioskError<"ERR_TOKEN"> {
  /** The name of the class, also in a bundle that renames it. */
  static override readonly name: string = /* @__PURE__ */ brand(this, "KioskTokenError");

  /** Creates the error, as this package does. For tests of your own code. */
  constructor(message: string, details?: KioskErrorDetails) {
    super("ERR_TOKEN", message, details);
  }
}
