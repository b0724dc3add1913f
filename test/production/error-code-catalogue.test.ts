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

  it("says that a card may be left after every production error, except those before a card is fed", () => {
    const withoutCard = PRODUCTION_ERROR_CODES.filter((code) => !describeErrorCode("production", code)?.mayLeaveCard);
    expect(withoutCard).toEqual([
      "CB_AUTHENTICATION_FAILED",
      "CB_SERVICE_NOT_ALLOWED",
      "DP_NOT_AVAILABLE",
      "DP_IO_ERROR",
      "DP_TIMEOUT",
      "SAT_AUTHENTICATION_FAILED",
      "PRD_FEEDER_EMPTY",
      "INV_NOT_INITIALIZED",
    ]);
  });

  it("says that no card is left after a refused request", () => {
    expect(REQUEST_ERROR_CODES.filter((code) => describeErrorCode("request", code)?.mayLeaveCard)).toEqual([]);
  });

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
