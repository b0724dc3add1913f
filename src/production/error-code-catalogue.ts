import type { ErrorCodeDescription, ErrorCodeKind, NextStep } from "./error-code-description.js";
import {
  isProductionErrorCode,
  isRequestErrorCode,
  type ProductionErrorCode,
  type RequestErrorCode,
} from "./error-codes.js";
import { findComponent } from "./kiosk-component.js";
import { mayLeaveCard } from "./may-leave-card.js";

type Entry = readonly [meaning: string, nextStep: NextStep];

/**
 * Of the fields that these codes concern, the caller sends only the kiosk id; the card data and the PIN come from Wise. A field
 * error therefore has the step `fix-request` if the kiosk id may be the cause, and `contact-wise` if not.
 */
const REQUEST_ERRORS = {
  UNKNOWN_ERROR: ["An error occurred on the server.", "check-status"],
  REQUEST_ALREADY_EXISTS: ["The request has already been submitted.", "check-status"],
  KIOSK_ID_NOT_FOUND: ["No kiosk is set up under this kiosk id.", "fix-request"],
  CARD_TYPE_NOT_FOUND: ["The card type does not exist.", "contact-wise"],
  INVALID_FIELD_VALUE: ["Some field values in the request are unexpected.", "fix-request"],
  INVALID_PIN_FORMAT: ["The PIN does not follow the ISO0 or ISO2 standard.", "contact-wise"],
  EMPTY_OR_NULL_FIELD_VALUE: ["Some required fields are empty or missing.", "fix-request"],
  EMPTY_OR_NULL_OR_WRONG_SIZE_FIELD_VALUE: [
    "Some required fields are empty, missing or of the wrong length.",
    "fix-request",
  ],
  CHARSET_NOT_SUPPORTED: ["The character set of some fields is not supported.", "contact-wise"],
  INVALID_FIELD_FORMAT: ["Some fields have an invalid format.", "fix-request"],
  INVALID_FIELD_ENCODING: ["Some fields have an unexpected encoding.", "contact-wise"],
  CDATA_ENCODING_OR_FORMATING_ERROR: ["Some XML text fields are incorrectly encoded or formatted.", "contact-wise"],
  PIN_LENGTH_ERROR: ["The PIN has the wrong length.", "contact-wise"],
  PIN_VERIFICATION_FAILED: ["The PIN cannot be verified because the server is unreachable.", "retry-later"],
  DATA_PREPARATION_FAILED: ["The server failed to parse the request.", "contact-wise"],
  PARTIAL_DATA_RECEIVED: ["Only part of the expected data was received.", "retry-later"],
  NO_BRANCH_LINKED_TO_KIOSK: ["The kiosk is not linked to any branch.", "contact-wise"],
  IMAGE_SERVER_ERROR: ["The image server is unreachable or failed to process the data.", "retry-later"],
  PAN_ALREADY_EXISTS: ["The card number (PAN) already exists.", "check-status"],
  PRINTER_OR_SATELLITE_NOT_READY: ["The printer or satellite is not ready to start production.", "fix-kiosk-and-retry"],
  REQUEST_CREATED_BUT_NOT_STARTED: [
    "The request has been created, but production is pending until the printer or satellite is ready.",
    "check-status",
  ],
  UNABLE_TO_ACCEPT_REQUEST: ["The system is busy and not accepting new requests.", "retry-later"],
} satisfies Record<RequestErrorCode, Entry>;

const PRODUCTION_ERRORS = {
  CB_NOT_AVAILABLE: ["The main server (central base) is not available.", "retry-later"],
  CB_DB_NOT_AVAILABLE: ["The main server's database is not available.", "retry-later"],
  CB_NETWORK_NOT_AVAILABLE: ["The main server's network is not available.", "retry-later"],
  CB_AUTHENTICATION_FAILED: ["User authentication failed on the main server.", "contact-wise"],
  CB_SERVICE_NOT_ALLOWED: ["The service accessed on the main server requires a higher security level.", "contact-wise"],
  CB_TIME: ["The main server (central base) timed out.", "retry-later"],
  DP_NOT_AVAILABLE: ["The data preparation module is not available.", "retry-later"],
  DP_IO_ERROR: ["Communication with the data preparation module failed.", "retry-later"],
  DP_TIMEOUT: ["Data preparation timed out.", "retry-later"],
  SAT_SERVER_NOT_REACHABLE: ["The satellite agent's server is not reachable.", "fix-kiosk-and-retry"],
  SAT_AUTHENTICATION_FAILED: ["User authentication failed on the satellite agent.", "contact-wise"],
  SAT_NETWORK_NOT_AVAILABLE: ["The satellite agent's network is not available.", "fix-kiosk-and-retry"],
  PRT_NOT_REACHABLE: ["The printer is not reachable.", "fix-kiosk-and-retry"],
  PRT_SETUP_ERROR: ["The printer is set up incorrectly.", "contact-wise"],
  PRT_TIMEOUT: ["The printer timed out.", "fix-kiosk-and-retry"],
  PRT_RIBBON: ["There is a problem with the printer's ribbon.", "fix-kiosk-and-retry"],
  PRT_LOCK_ERROR: ["The printer is physically unlocked.", "fix-kiosk-and-retry"],
  PRT_RIBBON_MISSING: ["The printer's ribbon is missing.", "fix-kiosk-and-retry"],
  PRT_RIBBON_ENDED: ["The printer's ribbon has run out.", "fix-kiosk-and-retry"],
  PRT_COVER_OPEN: ["The printer's cover is open.", "fix-kiosk-and-retry"],
  PRT_PAUSED: ["The printer is paused.", "fix-kiosk-and-retry"],
  PRD_UNEXPECTED_DATA: ["The production data is incorrect.", "contact-wise"],
  PRD_FEEDER_EMPTY: ["The card feeder is empty.", "fix-kiosk-and-retry"],
  PRD_FEEDER_JAM: ["A card is jammed in the feeder.", "fix-kiosk-and-retry"],
  PRD_HOPPER_FULL: ["The hopper is full.", "fix-kiosk-and-retry"],
  PRD_HOPPER_DOOR: ["The hopper door is open.", "fix-kiosk-and-retry"],
  PRD_HOPPER_JAM: ["A card is jammed in the hopper.", "fix-kiosk-and-retry"],
  PRD_MAGSTRIPE: ["The magnetic stripe could not be encoded.", "fix-kiosk-and-retry"],
  PRD_SMARTCARD: ["The chip could not be personalised.", "fix-kiosk-and-retry"],
  PRD_EMBOSSER: ["The card could not be embossed.", "fix-kiosk-and-retry"],
  PRD_TIMEOUT: ["The production timed out.", "fix-kiosk-and-retry"],
  PRD_REJECT_FULL: ["The reject box is full.", "fix-kiosk-and-retry"],
  PRD_SMARTCARD_CARD_NOT_IN_READER: ["The card is not in the chip reader.", "fix-kiosk-and-retry"],
  PRD_FINAL_VALIDATION_NOK: ["The user rejected the card production.", "fix-kiosk-and-retry"],
  INV_NOT_INITIALIZED: ["The inventory is not initialised.", "contact-wise"],
  UNKNOWN_ERROR: ["An unknown error occurred.", "contact-wise"],
} satisfies Record<ProductionErrorCode, Entry>;

/**
 * Returns what an error code means and what to do, or `undefined` for `null` and for a code that this version does not know.
 * `adviceFor` covers those as well.
 *
 * @example
 * ```ts
 * import { describeErrorCode } from "wise-card-kiosk";
 *
 * console.log(describeErrorCode("production", "PRT_RIBBON_ENDED")?.nextStep);
 * // → fix-kiosk-and-retry
 * ```
 *
 * @param kind `request` for the code of a `REQUEST_ERROR`, `production` for the code of a `PRODUCTION_ERROR`. It is needed
 * because `UNKNOWN_ERROR` exists in both lists.
 * @see https://docs.wise.com/api-reference/card-kiosk-collection
 */
export function describeErrorCode(
  kind: ErrorCodeKind,
  code: RequestErrorCode | ProductionErrorCode | (string & {}) | null,
): ErrorCodeDescription | undefined {
  if (kind === "request" && isRequestErrorCode(code)) return createDescription(kind, code, REQUEST_ERRORS[code]);
  if (kind === "production" && isProductionErrorCode(code))
    return createDescription(kind, code, PRODUCTION_ERRORS[code]);
  return undefined;
}

function createDescription(
  kind: ErrorCodeKind,
  code: RequestErrorCode | ProductionErrorCode,
  [meaning, nextStep]: Entry,
): ErrorCodeDescription {
  const component = kind === "request" && code !== "UNKNOWN_ERROR" ? "request" : findComponent(code);
  return { code, kind, component, meaning, nextStep, mayLeaveCard: mayLeaveCard(kind, code) };
}
