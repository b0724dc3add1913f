import type {
  KioskApiError,
  KioskAuthenticationError,
  KioskNotFoundError,
  KioskPermissionError,
  KioskRateLimitError,
  KioskServerError,
  KioskUnprocessableError,
} from "./api-error.js";
import type { KioskArgumentError } from "./argument-error.js";
import type { KioskConnectionError, KioskTimeoutError } from "./connection-error.js";
import type { KioskDecodeError } from "./decode-error.js";
import type { KioskIntentError } from "./intent-error.js";
import { KioskError } from "./kiosk-error.js";
import type { KioskPrintJobConflictError, KioskPrintJobStoreError } from "./print-job-errors.js";
import type { KioskTokenError } from "./token-error.js";
import type { KioskWaitTimeoutError } from "./wait-timeout-error.js";
import type {
  KioskWebhookForeignError,
  KioskWebhookPayloadError,
  KioskWebhookSignatureError,
} from "./webhook-errors.js";

/** Every error of this package, discriminated on `code`. */
export type AnyKioskError =
  | KioskArgumentError
  | KioskTokenError
  | KioskIntentError
  | KioskApiError
  | KioskAuthenticationError
  | KioskPermissionError
  | KioskNotFoundError
  | KioskUnprocessableError
  | KioskRateLimitError
  | KioskServerError
  | KioskConnectionError
  | KioskTimeoutError
  | KioskWaitTimeoutError
  | KioskDecodeError
  | KioskPrintJobConflictError
  | KioskPrintJobStoreError
  | KioskWebhookSignatureError
  | KioskWebhookForeignError
  | KioskWebhookPayloadError;

/** The code of any error of this package. */
export type KioskErrorCode = AnyKioskError["code"];

/**
 * Returns whether `value` is an error of this package, from any entry point and either module format. It narrows `value` to a
 * union in which `switch (error.code)` narrows further.
 *
 * @example
 * ```ts
 * import { isKioskError } from "wise-card-kiosk";
 *
 * try {
 *   await kiosk.produceCard({ ...card, kioskId: " WIS00001" });
 * } catch (error) {
 *   if (isKioskError(error) && error.code === "ERR_ARGUMENT") console.log(error.argument);
 *   // → kioskId
 * }
 * ```
 */
export function isKioskError(value: unknown): value is AnyKioskError {
  return value instanceof KioskError;
}
