import { brand } from "./brand.js";
import { KioskError, type KioskErrorDetails } from "./kiosk-error.js";

/** Details of a {@link KioskConnectionError}. */
export interface KioskConnectionErrorDetails extends KioskErrorDetails {
  /** `false` only if it is certain that no byte of the request left. */
  readonly requestSent: boolean;
}

/** No complete response arrived, or the time ran out. */
export class KioskConnectionError<C extends string = "ERR_CONNECTION"> extends KioskError<C> {
  /** The name of the class, also in a bundle that renames it. */
  static override readonly name: string = /* @__PURE__ */ brand(this, "KioskConnectionError");

  /**
   * Whether the request was sent: `false` only if it is certain that no byte of it left. If `deadlineMs` passed, every request of
   * the call counts.
   */
  readonly requestSent: boolean;

  /** Creates the error, as this package does. For tests of your own code. */
  constructor(message: string, details: KioskConnectionErrorDetails, code = "ERR_CONNECTION" as C) {
    super(code, message, details);
    this.requestSent = details.requestSent;
  }
}

/** `timeoutMs` or `deadlineMs` passed before the call was complete. */
export class KioskTimeoutError extends KioskConnectionError<"ERR_TIMEOUT"> {
  /** The name of the class, also in a bundle that renames it. */
  static override readonly name: string = /* @__PURE__ */ brand(this, "KioskTimeoutError");

  /** Creates the error, as this package does. For tests of your own code. */
  constructor(message: string, details: KioskConnectionErrorDetails) {
    super(message, details, "ERR_TIMEOUT");
  }
}
