/**
 * The codes Wise documents for a production request that was not accepted (status `REQUEST_ERROR`), in Wise's order and
 * spelling.
 *
 * @see https://docs.wise.com/api-reference/card-kiosk-collection
 */
export const REQUEST_ERROR_CODES = [
  "UNKNOWN_ERROR",
  "REQUEST_ALREADY_EXISTS",
  "KIOSK_ID_NOT_FOUND",
  "CARD_TYPE_NOT_FOUND",
  "INVALID_FIELD_VALUE",
  "INVALID_PIN_FORMAT",
  "EMPTY_OR_NULL_FIELD_VALUE",
  "EMPTY_OR_NULL_OR_WRONG_SIZE_FIELD_VALUE",
  "CHARSET_NOT_SUPPORTED",
  "INVALID_FIELD_FORMAT",
  "INVALID_FIELD_ENCODING",
  "CDATA_ENCODING_OR_FORMATING_ERROR",
  "PIN_LENGTH_ERROR",
  "PIN_VERIFICATION_FAILED",
  "DATA_PREPARATION_FAILED",
  "PARTIAL_DATA_RECEIVED",
  "NO_BRANCH_LINKED_TO_KIOSK",
  "IMAGE_SERVER_ERROR",
  "PAN_ALREADY_EXISTS",
  "PRINTER_OR_SATELLITE_NOT_READY",
  "REQUEST_CREATED_BUT_NOT_STARTED",
  "UNABLE_TO_ACCEPT_REQUEST",
] as const;

/**
 * The codes Wise documents for a production that failed at the kiosk (status `PRODUCTION_ERROR`), in Wise's order and
 * spelling.
 *
 * @see https://docs.wise.com/api-reference/card-kiosk-collection
 */
export const PRODUCTION_ERROR_CODES = [
  "CB_NOT_AVAILABLE",
  "CB_DB_NOT_AVAILABLE",
  "CB_NETWORK_NOT_AVAILABLE",
  "CB_AUTHENTICATION_FAILED",
  "CB_SERVICE_NOT_ALLOWED",
  "CB_TIME",
  "DP_NOT_AVAILABLE",
  "DP_IO_ERROR",
  "DP_TIMEOUT",
  "SAT_SERVER_NOT_REACHABLE",
  "SAT_AUTHENTICATION_FAILED",
  "SAT_NETWORK_NOT_AVAILABLE",
  "PRT_NOT_REACHABLE",
  "PRT_SETUP_ERROR",
  "PRT_TIMEOUT",
  "PRT_RIBBON",
  "PRT_LOCK_ERROR",
  "PRT_RIBBON_MISSING",
  "PRT_RIBBON_ENDED",
  "PRT_COVER_OPEN",
  "PRT_PAUSED",
  "PRD_UNEXPECTED_DATA",
  "PRD_FEEDER_EMPTY",
  "PRD_FEEDER_JAM",
  "PRD_HOPPER_FULL",
  "PRD_HOPPER_DOOR",
  "PRD_HOPPER_JAM",
  "PRD_MAGSTRIPE",
  "PRD_SMARTCARD",
  "PRD_EMBOSSER",
  "PRD_TIMEOUT",
  "PRD_REJECT_FULL",
  "PRD_SMARTCARD_CARD_NOT_IN_READER",
  "PRD_FINAL_VALIDATION_NOK",
  "INV_NOT_INITIALIZED",
  "UNKNOWN_ERROR",
] as const;

/** An element of {@link REQUEST_ERROR_CODES}. */
export type RequestErrorCode = (typeof REQUEST_ERROR_CODES)[number];

/** An element of {@link PRODUCTION_ERROR_CODES}. */
export type ProductionErrorCode = (typeof PRODUCTION_ERROR_CODES)[number];

const requestErrorCodes: ReadonlySet<unknown> = /* @__PURE__ */ new Set(REQUEST_ERROR_CODES);
const productionErrorCodes: ReadonlySet<unknown> = /* @__PURE__ */ new Set(PRODUCTION_ERROR_CODES);

/** Returns whether `value` is a request error code that this version knows. Wise may send others. */
export function isRequestErrorCode(value: unknown): value is RequestErrorCode {
  return requestErrorCodes.has(value);
}

/** Returns whether `value` is a production error code that this version knows. Wise may send others. */
export function isProductionErrorCode(value: unknown): value is ProductionErrorCode {
  return productionErrorCodes.has(value);
}
