import { describe, expect, it } from "vitest";
import { describeErrorCode } from "../../src/production/error-code-catalogue.js";
import type { ErrorCodeKind, NextStep } from "../../src/production/error-code-description.js";
import { PRODUCTION_ERROR_CODES, REQUEST_ERROR_CODES } from "../../src/production/error-codes.js";
import type { KioskComponent } from "../../src/production/kiosk-component.js";

const COMPONENT_OF_PREFIX: Record<string, KioskComponent> = {
  CB: "central-base",
  DP: "data-preparation",
  SAT: "satellite",
  PRT: "printer",
  PRD: "production",
  INV: "inventory",
  UNKNOWN: "unknown",
};

const NEXT_STEPS = [
  "retry-later",
  "fix-kiosk-and-retry",
  "fix-request",
  "check-status",
  "contact-wise",
] satisfies NextStep[];

const ENTRIES = [
  ...REQUEST_ERROR_CODES.map((code) => ["request", code] as const),
  ...PRODUCTION_ERROR_CODES.map((code) => ["production", code] as const),
];

/** Whether a personalised card may be left after a production error, and why. */
const CARD_AFTER_PRODUCTION_ERROR: Readonly<Record<string, readonly [mayLeaveCard: boolean, reason: string]>> = {
  CB_NOT_AVAILABLE: [true, "the server may become unavailable while the kiosk prints"],
  CB_DB_NOT_AVAILABLE: [true, "the database may become unavailable while the kiosk prints"],
  CB_NETWORK_NOT_AVAILABLE: [true, "the network may fail while the kiosk prints"],
  CB_AUTHENTICATION_FAILED: [false, "access is checked before there is an order to print"],
  CB_SERVICE_NOT_ALLOWED: [false, "access is checked before there is an order to print"],
  CB_TIME: [true, "the server may time out while the kiosk prints"],
  DP_NOT_AVAILABLE: [false, "the data is prepared before the machine receives it"],
  DP_IO_ERROR: [false, "the data is prepared before the machine receives it"],
  DP_TIMEOUT: [false, "the data is prepared before the machine receives it"],
  SAT_SERVER_NOT_REACHABLE: [true, "the satellite may lose its server while the kiosk prints"],
  SAT_AUTHENTICATION_FAILED: [false, "access is checked before there is an order to print"],
  SAT_NETWORK_NOT_AVAILABLE: [true, "the satellite may lose its network while the kiosk prints"],
  PRT_NOT_REACHABLE: [true, "the printer may drop out with a card inside"],
  PRT_SETUP_ERROR: [true, "the chip is encrypted before the printer is needed"],
  PRT_TIMEOUT: [true, "the printer may stop with a card inside"],
  PRT_RIBBON: [true, "the ribbon may fail on a card whose chip is written"],
  PRT_LOCK_ERROR: [true, "the printer may be unlocked with a card inside"],
  PRT_RIBBON_MISSING: [true, "the chip is encrypted before the ribbon is needed"],
  PRT_RIBBON_ENDED: [true, "the ribbon may run out in the middle of a card"],
  PRT_COVER_OPEN: [true, "the cover may be opened with a card inside"],
  PRT_PAUSED: [true, "the printer may be paused with a card inside"],
  PRD_UNEXPECTED_DATA: [true, "the data may turn out to be wrong with a card inside"],
  PRD_FEEDER_EMPTY: [false, "there is no card to take"],
  PRD_FEEDER_JAM: [true, "Wise does not say that the jammed card is blank"],
  PRD_HOPPER_FULL: [true, "the finished card has nowhere to go"],
  PRD_HOPPER_DOOR: [true, "the finished card is on its way to the hopper"],
  PRD_HOPPER_JAM: [true, "the finished card is jammed in the hopper"],
  PRD_MAGSTRIPE: [true, "the card with the faulty stripe is rejected"],
  PRD_SMARTCARD: [true, "the card with the faulty chip is rejected"],
  PRD_EMBOSSER: [true, "the card with the faulty embossing is rejected"],
  PRD_TIMEOUT: [true, "the card is somewhere in the machine"],
  PRD_REJECT_FULL: [true, "the rejected card has nowhere to go"],
  PRD_SMARTCARD_CARD_NOT_IN_READER: [true, "the card is somewhere else in the machine"],
  PRD_FINAL_VALIDATION_NOK: [true, "a person rejected the finished card"],
  INV_NOT_INITIALIZED: [false, "without an inventory the machine does not know which card to take"],
  UNKNOWN_ERROR: [true, "it may be any of the others"],
};

/** Why no card is left after a request error: a request that is not accepted feeds no card. */
const CARD_AFTER_REQUEST_ERROR: Readonly<Record<string, string>> = {
  UNKNOWN_ERROR: "the request was not accepted",
  REQUEST_ALREADY_EXISTS:
    "an earlier request may be printing: its own production error says whether to look for a card",
  KIOSK_ID_NOT_FOUND: "the request was not accepted",
  CARD_TYPE_NOT_FOUND: "the request was not accepted",
  INVALID_FIELD_VALUE: "the data of the request was refused before there was an order to print",
  INVALID_PIN_FORMAT: "the data of the request was refused before there was an order to print",
  EMPTY_OR_NULL_FIELD_VALUE: "the data of the request was refused before there was an order to print",
  EMPTY_OR_NULL_OR_WRONG_SIZE_FIELD_VALUE: "the data of the request was refused before there was an order to print",
  CHARSET_NOT_SUPPORTED: "the request was not accepted",
  INVALID_FIELD_FORMAT: "the data of the request was refused before there was an order to print",
  INVALID_FIELD_ENCODING: "the data of the request was refused before there was an order to print",
  CDATA_ENCODING_OR_FORMATING_ERROR: "the data of the request was refused before there was an order to print",
  PIN_LENGTH_ERROR: "the data of the request was refused before there was an order to print",
  PIN_VERIFICATION_FAILED: "the PIN is checked before there is an order to print",
  DATA_PREPARATION_FAILED: "the data of the request was refused before there was an order to print",
  PARTIAL_DATA_RECEIVED: "the data of the request was refused before there was an order to print",
  NO_BRANCH_LINKED_TO_KIOSK: "the request was not accepted",
  IMAGE_SERVER_ERROR: "the request was not accepted",
  PAN_ALREADY_EXISTS: "an earlier request may be printing: its own production error says whether to look for a card",
  PRINTER_OR_SATELLITE_NOT_READY: "the printer was never ready",
  REQUEST_CREATED_BUT_NOT_STARTED:
    "the print has not started: its own production error says whether to look for a card",
  UNABLE_TO_ACCEPT_REQUEST: "the system was too busy to accept the request",
};

describe("describeErrorCode", () => {
  it("describeErrorCode knows 58 codes", () => {
    expect(ENTRIES).toHaveLength(58);
  });

  it.each(ENTRIES)("describes the %s code %s", (kind, code) => {
    const description = describeErrorCode(kind, code);
    expect(description).toEqual({
      code,
      kind,
      component: expect.any(String),
      meaning: expect.stringMatching(/^[A-Z].{10,}\.$/),
      nextStep: expect.toBeOneOf(NEXT_STEPS),
      mayLeaveCard: expect.any(Boolean),
    });
  });

  it("describeErrorCode returns a different meaning for each code", () => {
    const meanings = ENTRIES.map(([kind, code]) => describeErrorCode(kind, code)?.meaning);
    expect(new Set(meanings).size).toBe(58);
  });

  it.each(PRODUCTION_ERROR_CODES)("names the part that Wise's prefix of %s stands for", (code) => {
    expect(describeErrorCode("production", code)?.component).toBe(COMPONENT_OF_PREFIX[code.split("_", 1)[0] ?? ""]);
  });

  it("attributes every request code to the request, except UNKNOWN_ERROR", () => {
    const others = REQUEST_ERROR_CODES.filter((code) => describeErrorCode("request", code)?.component !== "request");
    expect(others).toEqual(["UNKNOWN_ERROR"]);
  });

  it("describes UNKNOWN_ERROR differently in each kind", () => {
    const request = describeErrorCode("request", "UNKNOWN_ERROR");
    const production = describeErrorCode("production", "UNKNOWN_ERROR");
    expect(request?.meaning).not.toBe(production?.meaning);
    expect([request?.component, production?.component]).toEqual(["unknown", "unknown"]);
  });

  it.each(["UNKNOWN_ERROR", "REQUEST_ALREADY_EXISTS", "PAN_ALREADY_EXISTS", "REQUEST_CREATED_BUT_NOT_STARTED"])(
    "advises checking the status after %s, because the card may already be in production",
    (code) => {
      expect(describeErrorCode("request", code)?.nextStep).toBe("check-status");
    },
  );

  it.each([
    ["request", "UNABLE_TO_ACCEPT_REQUEST", "retry-later"],
    ["request", "PIN_VERIFICATION_FAILED", "retry-later"],
    ["request", "KIOSK_ID_NOT_FOUND", "fix-request"],
    ["request", "PRINTER_OR_SATELLITE_NOT_READY", "fix-kiosk-and-retry"],
    ["request", "CARD_TYPE_NOT_FOUND", "contact-wise"],
    ["production", "CB_NOT_AVAILABLE", "retry-later"],
    ["production", "PRD_HOPPER_JAM", "fix-kiosk-and-retry"],
    ["production", "PRT_RIBBON_ENDED", "fix-kiosk-and-retry"],
    ["production", "CB_AUTHENTICATION_FAILED", "contact-wise"],
  ] as const)("advises on the %s code %s: %s", (kind, code, nextStep) => {
    expect(describeErrorCode(kind, code)?.nextStep).toBe(nextStep);
  });

  it("says for each of the 58 entries whether a card may be left", () => {
    expect(Object.keys(CARD_AFTER_PRODUCTION_ERROR).sort()).toEqual([...PRODUCTION_ERROR_CODES].sort());
    expect(Object.keys(CARD_AFTER_REQUEST_ERROR).sort()).toEqual([...REQUEST_ERROR_CODES].sort());
  });

  it.each(Object.entries(CARD_AFTER_PRODUCTION_ERROR))(
    "says whether a card may be left after the production error %s",
    (code, [mayLeaveCard, reason]) => {
      expect(describeErrorCode("production", code)?.mayLeaveCard, reason).toBe(mayLeaveCard);
    },
  );

  it.each(Object.entries(CARD_AFTER_REQUEST_ERROR))(
    "says that no card is left after the request error %s",
    (code, reason) => {
      expect(describeErrorCode("request", code)?.mayLeaveCard, reason).toBe(false);
    },
  );

  it.each(["BRAND_NEW", "", "constructor", "__proto__", "toString", "hasOwnProperty", "unknown_error", null])(
    "describeErrorCode returns undefined for %j",
    (code) => {
      expect(describeErrorCode("request", code)).toBeUndefined();
      expect(describeErrorCode("production", code)).toBeUndefined();
    },
  );

  it("does not describe a code of another kind", () => {
    expect(describeErrorCode("request", "PRD_HOPPER_JAM")).toBeUndefined();
    expect(describeErrorCode("production", "KIOSK_ID_NOT_FOUND")).toBeUndefined();
    expect(describeErrorCode("constructor" as ErrorCodeKind, "UNKNOWN_ERROR")).toBeUndefined();
  });

  it("returns an object that the caller can change without affecting the catalogue", () => {
    const first = describeErrorCode("production", "PRT_PAUSED");
    Object.assign(first ?? {}, { meaning: "changed" });
    expect(describeErrorCode("production", "PRT_PAUSED")?.meaning).toBe("The printer is paused.");
  });
});
