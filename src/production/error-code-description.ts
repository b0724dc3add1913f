import type { ProductionErrorCode, RequestErrorCode } from "./error-codes.js";

/** Whether a code came with the status `REQUEST_ERROR` (`request`) or `PRODUCTION_ERROR` (`production`). */
export type ErrorCodeKind = "request" | "production";

/**
 * The part that failed: the `request` itself, the main server of the kiosks (`central-base`), its `data-preparation`, the
 * agent that drives a kiosk's printers (`satellite`), the `printer`, the `production` of the card inside the kiosk, or the
 * `inventory` of cards.
 */
export type KioskComponent =
  | "request"
  | "central-base"
  | "data-preparation"
  | "satellite"
  | "printer"
  | "production"
  | "inventory"
  | "unknown";

/**
 * What to do next.
 *
 * - `retry-later`: wait, then produce the card again.
 * - `fix-kiosk-and-retry`: put the kiosk right, then produce the card again.
 * - `fix-request`: correct the request; unchanged, it is refused again.
 * - `check-status`: read the status before anything else, for the card may be on its way already.
 * - `contact-wise`: neither waiting nor work at the kiosk helps; follow the escalation agreed with Wise.
 */
export type NextStep = "retry-later" | "fix-kiosk-and-retry" | "fix-request" | "check-status" | "contact-wise";

/** What an error code means, and what to do. */
export interface ErrorCodeDescription {
  readonly code: RequestErrorCode | ProductionErrorCode;
  readonly kind: ErrorCodeKind;
  readonly component: KioskComponent;
  /** What Wise documents for the code, in plain words. */
  readonly meaning: string;
  /** Advice of this package: Wise publishes no such table. An escalation process agreed with Wise goes before it. */
  readonly nextStep: NextStep;
}
