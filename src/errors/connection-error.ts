import { brand } from "./brand.js";
import { KioskError, type KioskErrorDetails } from "./kiosk-error.js";

/** What accompanies a {@link KioskConnectionError}. */
export interface KioskConnectionErrorDetails extends KioskErrorDetails {
  readonly requestSent: boolean;
}

/** No complete answer arrived. */
export class KioskConnectionError<C extends string = "ERR_CONNECTION"> extends KioskError<C> {
  static {
    brand(KioskConnectionError, "KioskConnectionError");
  }

  /** `false` only where it is certain that no byte of the request left. */
  readonly requestSent: boolean;

  constructor(message: string, details: KioskConnectionErrorDetails, code = "ERR_CONNECTION" as C) {
    super(code, message, details);
    this.requestSent = details.requestSent;
  }
}

/** `timeoutMs` or `deadlineMs` passed. */
export class KioskTimeoutError extends KioskConnectionError<"ERR_TIMEOUT"> {
  static {
    brand(KioskTimeoutError, "KioskTimeoutError");
  }

  constructor(message: string, details: KioskConnectionErrorDetails) {
    super(message, details, "ERR_TIMEOUT");
  }
}
