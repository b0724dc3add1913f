import type { Production } from "../production/production.js";
import { brand } from "./brand.js";
import { KioskError, type KioskErrorDetails } from "./kiosk-error.js";

/** `maxWaitMs` passed before the production reached a state that ends the wait. The production itself continues. */
export class KioskWaitTimeoutError extends KioskError<"ERR_WAIT_TIMEOUT"> {
  /** The name of the class, also in a bundle that renames it. */
  static override readonly name: string = /* @__PURE__ */ brand(this, "KioskWaitTimeoutError");

  /** The last known state; `undefined` if none was read or reported. */
  readonly lastProduction: Production | undefined;

  /** Creates the error, as this package does. For tests of your own code. */
  constructor(message: string, lastProduction: Production | undefined, details?: KioskErrorDetails) {
    super("ERR_WAIT_TIMEOUT", message, { productionAfter: lastProduction, ...details });
    this.lastProduction = lastProduction;
  }
}
