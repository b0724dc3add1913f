import { PRODUCTION_ERROR_CODES, REQUEST_ERROR_CODES } from "../../src/production/error-codes.js";
import type { Production } from "../../src/production/production.js";

const DETAILS = { kioskId: "WIS00001", occurredAt: "2024-01-01T12:24:56.121Z", description: null };

/** Codes unknown to this version: of every part of the kiosk system, of no part, and names of inherited properties. */
const UNLISTED_CODES = [
  "CB_NEW",
  "DP_NEW",
  "SAT_NEW",
  "PRT_LASER",
  "PRD_NEW",
  "INV_NEW",
  "NEW",
  "PRINTER_NEW",
  "PRT",
  "_",
  "prt_paused",
  "constructor",
  "__proto__",
  "toString_NEW",
];

/** The values by which Wise may express that there is no code. */
export const NO_CODES = [null, "", " ", "\u0000\n"];

/** Listed error codes of both kinds, unlisted ones, and none. */
const ERROR_CODES = [...NO_CODES, ...REQUEST_ERROR_CODES, ...PRODUCTION_ERROR_CODES, ...UNLISTED_CODES];

/** Productions of every status, with every error code that each can have. */
export const PRODUCTIONS: readonly Production[] = [
  ...(["READY", "IN_PROGRESS", "PRODUCED"] as const).map((status) => ({ status, ...DETAILS, errorCode: null })),
  ...ERROR_CODES.flatMap((errorCode): Production[] => [
    { status: "PRODUCTION_ERROR", ...DETAILS, errorCode },
    { status: "REQUEST_ERROR", ...DETAILS, errorCode },
    { status: "UNRECOGNIZED", rawStatus: "CANCELLED", ...DETAILS, errorCode },
  ]),
];

/** Returns a `PRODUCTION_ERROR` with this code and description. */
export function failedWith(errorCode: string | null, description: string | null = null): Production {
  return { status: "PRODUCTION_ERROR", ...DETAILS, errorCode, description };
}

/** Returns a `REQUEST_ERROR` with this code and description. */
export function refusedWith(errorCode: string | null, description: string | null = null): Production {
  return { status: "REQUEST_ERROR", ...DETAILS, errorCode, description };
}
