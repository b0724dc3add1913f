import type { ProductionErrorCode, RequestErrorCode } from "./error-codes.js";
import type { KioskComponent } from "./kiosk-component.js";

/** Whether a code came with the status `REQUEST_ERROR` (`request`) or `PRODUCTION_ERROR` (`production`). */
export type ErrorCodeKind = "request" | "production";

/**
 * What to do next.
 *
 * - `retry-later`: wait, then produce the card again.
 * - `fix-kiosk-and-retry`: fix the kiosk, then produce the card again.
 * - `fix-request`: correct the request; unchanged, it is refused again.
 * - `check-status`: read the status or follow the card before anything else, because it may be on its way already.
 * - `contact-wise`: neither waiting nor work at the kiosk helps; follow the escalation process agreed with Wise.
 */
export type NextStep = "retry-later" | "fix-kiosk-and-retry" | "fix-request" | "check-status" | "contact-wise";

/** What an error code means, and what to do. */
export interface ErrorCodeDescription {
  /** The code that is described. */
  readonly code: RequestErrorCode | ProductionErrorCode;
  /** The status that the code comes with. */
  readonly kind: ErrorCodeKind;
  /** The part that failed; `unknown` if Wise names none. */
  readonly component: KioskComponent;
  /** What Wise documents for the code, in plain words. */
  readonly meaning: string;
  /** Advice of this package: Wise publishes no such table. An escalation process agreed with Wise takes precedence. */
  readonly nextStep: NextStep;
  /**
   * Whether a personalised card may be left in the machine or its reject box, to be collected, counted and destroyed. Advice
   * of this package: Wise does not document how far the kiosk had come, so this is `true` in doubt.
   */
  readonly mayLeaveCard: boolean;
}
