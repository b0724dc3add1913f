import type { Production } from "../production/production.js";
import { brand } from "./brand.js";
import { KioskError, type KioskErrorDetails } from "./kiosk-error.js";

/** `maxWaitMs` of a wait passed before the production reached a state that ends it. The production itself goes on. */
export class KioskWaitTimeoutError extends KioskError<"ERR_WAIT_TIMEOUT"> {
  static {
    brand(KioskWaitTimeoutError, "KioskWaitTimeoutError");
  }

  /** The last state that was seen, if one was. */
  readonly lastProduction: Production | undefined;

  constructor(message: string, lastProduction: Production | undefined, details?: KioskErrorDetails) {
    super("ERR_WAIT_TIMEOUT", message, { productionAfter: lastProduction, ...details });
    this.lastProduction = lastProduction;
  }
}
