import { brand } from "./brand.js";
import { KioskError, type KioskErrorDetails } from "./kiosk-error.js";

/** The token provider failed, or gave something that cannot be sent. `cause` is the provider's own error, untouched. */
export class KioskTokenError extends KioskError<"ERR_TOKEN"> {
  static {
    brand(KioskTokenError, "KioskTokenError");
  }

  constructor(message: string, details?: KioskErrorDetails) {
    super("ERR_TOKEN", message, details);
  }
}
