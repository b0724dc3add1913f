import type { ProductionErrorCode, RequestErrorCode } from "./error-codes.js";
import type { KioskComponent } from "./kiosk-component.js";

/** The status that an error code comes with: `request` for `REQUEST_ERROR`, `production` for `PRODUCTION_ERROR`. */
export type ErrorCodeKind = "request" | "production";

/**
 * What to do next.
 *
 * - `retry-later`: wait, then produce the card again.
 * - `fix-kiosk-and-retry`: fix the kiosk, then produce the card again.
 * - `fix-request`: correct the request; Wise refuses it again if it is unchanged.
 * - `check-status`: read the status or follow the card before anything else, because the card may already be in production.
 * - `contact-wise`: waiting does not help, nor does work at the kiosk; follow the escalation process agreed with Wise.
 */
export type NextStep = "retry-later" | "fix-kiosk-and-retry" | "fix-request" | "check-status" | "contact-wise";

/** The meaning of an error code, and what to do. */
export interface ErrorCodeDescription {
  /** The code that is described. */
  readonly code: RequestErrorCode | ProductionErrorCode;
  /** The status that the code comes with. */
  readonly kind: ErrorCodeKind;
  /** The part that failed; `unknown` if the code names none. */
  readonly component: KioskComponent;
  /** What Wise documents for the code, in plain words. */
  readonly meaning: string;
  /**
   * What to do next. The advice comes from this package: Wise publishes no such table. An escalation process agreed with Wise takes
   * precedence.
   */
  readonly nextStep: NextStep;
  /**
   * Whether a personalised card may be left in the machine or its reject box. If so, collect, count and destroy it. The advice
   * comes from this package: Wise does not document how far the kiosk got, so this is `true` if in doubt.
   */
  readonly mayLeaveCard: boolean;
}
