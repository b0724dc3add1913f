import type { ErrorCodeDescription, ErrorCodeKind, KioskComponent, NextStep } from "./error-code-description.js";
import {
  isProductionErrorCode,
  isRequestErrorCode,
  type ProductionErrorCode,
  type RequestErrorCode,
} from "./error-codes.js";

type Entry = readonly [component: KioskComponent, meaning: string, nextStep: NextStep];

/**
 * Of the fields that these codes speak of, a caller sends the kiosk ID; the card's data and the PIN come from Wise. So what
 * the kiosk ID may have caused is `fix-request`, and what only the rest can have caused is `contact-wise`.
 */
const REQUEST_ERRORS = {
  UNKNOWN_ERROR: ["unknown", "An error occurred on the server.", "check-status"],
  REQUEST_ALREADY_EXISTS: ["request", "The request has already been submitted.", "check-status"],
  KIOSK_ID_NOT_FOUND: ["request", "No kiosk is set up under this kiosk ID.", "fix-request"],
  CARD_TYPE_NOT_FOUND: ["request", "This type of card is not set up.", "contact-wise"],
  INVALID_FIELD_VALUE: ["request", "Some values in the request are not the expected ones.", "fix-request"],
  INVALID_PIN_FORMAT: ["request", "The PIN does not follow the ISO0 or ISO2 standard.", "contact-wise"],
  EMPTY_OR_NULL_FIELD_VALUE: ["request", "Some required values are empty or missing.", "fix-request"],
  EMPTY_OR_NULL_OR_WRONG_SIZE_FIELD_VALUE: [
    "request",
    "Some required values are empty, missing or of a wrong length.",
    "fix-request",
  ],
  CHARSET_NOT_SUPPORTED: ["request", "Some values use characters that are not supported.", "contact-wise"],
  INVALID_FIELD_FORMAT: ["request", "Some values are in a wrong format.", "fix-request"],
  INVALID_FIELD_ENCODING: ["request", "Some values are in an unexpected encoding.", "contact-wise"],
  CDATA_ENCODING_OR_FORMATING_ERROR: [
    "request",
    "Some XML text values are wrongly encoded or formatted.",
    "contact-wise",
  ],
  PIN_LENGTH_ERROR: ["request", "The PIN has a wrong length.", "contact-wise"],
  PIN_VERIFICATION_FAILED: [
    "request",
    "The PIN cannot be verified, as the server for it is unreachable.",
    "retry-later",
  ],
  DATA_PREPARATION_FAILED: ["request", "The server failed to read the request.", "contact-wise"],
  PARTIAL_DATA_RECEIVED: ["request", "Only a part of the expected data arrived.", "retry-later"],
  NO_BRANCH_LINKED_TO_KIOSK: ["request", "The kiosk is not linked to any branch.", "contact-wise"],
  IMAGE_SERVER_ERROR: ["request", "The image server is unreachable or failed to process the data.", "retry-later"],
  PAN_ALREADY_EXISTS: ["request", "The card's number (PAN) already exists.", "check-status"],
  PRINTER_OR_SATELLITE_NOT_READY: [
    "request",
    "The kiosk's printer or satellite is not ready to start.",
    "fix-kiosk-and-retry",
  ],
  REQUEST_CREATED_BUT_NOT_STARTED: [
    "request",
    "The request has been created, and production waits until the printer or satellite is ready.",
    "check-status",
  ],
  UNABLE_TO_ACCEPT_REQUEST: ["request", "The system is busy and takes no new requests at this time.", "retry-later"],
} satisfies Record<RequestErrorCode, Entry>;

const PRODUCTION_ERRORS = {
  CB_NOT_AVAILABLE: ["central-base", "The main server (central base) is not available.", "retry-later"],
  CB_DB_NOT_AVAILABLE: ["central-base", "The main server's database is not available.", "retry-later"],
  CB_NETWORK_NOT_AVAILABLE: ["central-base", "The main server's network is not available.", "retry-later"],
  CB_AUTHENTICATION_FAILED: ["central-base", "The main server could not authenticate its user.", "contact-wise"],
  CB_SERVICE_NOT_ALLOWED: ["central-base", "The main server asks for a higher security level.", "contact-wise"],
  CB_TIME: ["central-base", "The main server (central base) took too long.", "retry-later"],
  DP_NOT_AVAILABLE: ["data-preparation", "The data preparation module is not available.", "retry-later"],
  DP_IO_ERROR: ["data-preparation", "The exchange with the data preparation module failed.", "retry-later"],
  DP_TIMEOUT: ["data-preparation", "The preparation of the card's data took too long.", "retry-later"],
  SAT_SERVER_NOT_REACHABLE: ["satellite", "The satellite agent's server is not reachable.", "fix-kiosk-and-retry"],
  SAT_AUTHENTICATION_FAILED: ["satellite", "The satellite agent could not authenticate its user.", "contact-wise"],
  SAT_NETWORK_NOT_AVAILABLE: ["satellite", "The satellite agent has no network.", "fix-kiosk-and-retry"],
  PRT_NOT_REACHABLE: ["printer", "The printer is not reachable.", "fix-kiosk-and-retry"],
  PRT_SETUP_ERROR: ["printer", "The printer is set up wrongly.", "contact-wise"],
  PRT_TIMEOUT: ["printer", "The printer took too long.", "fix-kiosk-and-retry"],
  PRT_RIBBON: ["printer", "Something is wrong with the printer's ribbon.", "fix-kiosk-and-retry"],
  PRT_LOCK_ERROR: ["printer", "The printer is physically unlocked.", "fix-kiosk-and-retry"],
  PRT_RIBBON_MISSING: ["printer", "The printer's ribbon is missing.", "fix-kiosk-and-retry"],
  PRT_RIBBON_ENDED: ["printer", "The printer's ribbon has run out.", "fix-kiosk-and-retry"],
  PRT_COVER_OPEN: ["printer", "The printer's cover is open.", "fix-kiosk-and-retry"],
  PRT_PAUSED: ["printer", "The printer is paused.", "fix-kiosk-and-retry"],
  PRD_UNEXPECTED_DATA: ["production", "The data for the card is incorrect.", "contact-wise"],
  PRD_FEEDER_EMPTY: ["production", "The card feeder is empty.", "fix-kiosk-and-retry"],
  PRD_FEEDER_JAM: ["production", "A card is jammed in the feeder.", "fix-kiosk-and-retry"],
  PRD_HOPPER_FULL: ["production", "The hopper is full.", "fix-kiosk-and-retry"],
  PRD_HOPPER_DOOR: ["production", "The hopper's door is open.", "fix-kiosk-and-retry"],
  PRD_HOPPER_JAM: ["production", "A card is jammed in the hopper.", "fix-kiosk-and-retry"],
  PRD_MAGSTRIPE: ["production", "The magnetic stripe could not be encoded.", "fix-kiosk-and-retry"],
  PRD_SMARTCARD: ["production", "The chip could not be personalised.", "fix-kiosk-and-retry"],
  PRD_EMBOSSER: ["production", "The card could not be embossed.", "fix-kiosk-and-retry"],
  PRD_TIMEOUT: ["production", "The production took too long.", "fix-kiosk-and-retry"],
  PRD_REJECT_FULL: ["production", "The reject box is full.", "fix-kiosk-and-retry"],
  PRD_SMARTCARD_CARD_NOT_IN_READER: ["production", "The card is not in the chip reader.", "fix-kiosk-and-retry"],
  PRD_FINAL_VALIDATION_NOK: ["production", "The user rejected the card's production.", "fix-kiosk-and-retry"],
  INV_NOT_INITIALIZED: ["inventory", "The inventory is not initialised.", "contact-wise"],
  UNKNOWN_ERROR: ["unknown", "An unknown error occurred.", "contact-wise"],
} satisfies Record<ProductionErrorCode, Entry>;

/**
 * What an error code of Wise's means, and what to do. `undefined` for a code that this version does not know, and for `null`.
 *
 * @param kind `request` for the code of a `REQUEST_ERROR`, `production` for that of a `PRODUCTION_ERROR`: one code,
 * `UNKNOWN_ERROR`, exists as both.
 * @see https://docs.wise.com/api-reference/card-kiosk-collection
 */
export function describeErrorCode(
  kind: ErrorCodeKind,
  code: RequestErrorCode | ProductionErrorCode | (string & {}) | null,
): ErrorCodeDescription | undefined {
  if (kind === "request" && isRequestErrorCode(code)) return description(kind, code, REQUEST_ERRORS[code]);
  if (kind === "production" && isProductionErrorCode(code)) return description(kind, code, PRODUCTION_ERRORS[code]);
  return undefined;
}

function description(
  kind: ErrorCodeKind,
  code: RequestErrorCode | ProductionErrorCode,
  [component, meaning, nextStep]: Entry,
): ErrorCodeDescription {
  return { code, kind, component, meaning, nextStep };
}
