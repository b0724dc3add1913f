import { brand } from "./brand.js";
import { KioskError, type KioskErrorDetails } from "./kiosk-error.js";

/** The token provider failed, or returned a value that cannot be sent. `cause` is the provider's own error, unchanged. */
export class KioskTokenError extends KioskError<"ERR_TOKEN"> {
  static {
    brand(KioskTokenError, "KioskTokenError");
  }

  constructor(message: string, details?: KioskErrorDetails) {
    super("ERR_TOKEN", message, details);
  }
}
