import { describe, expect, it } from "vitest";
import {
  isProductionErrorCode,
  isRequestErrorCode,
  PRODUCTION_ERROR_CODES,
  REQUEST_ERROR_CODES,
} from "../../src/production/error-codes.js";
import { WISE_PRODUCTION_ERROR_CODES, WISE_REQUEST_ERROR_CODES } from "../support/wise-examples.js";

describe("the lists of error codes", () => {
  it("lists Wise's 22 request and 36 production codes in Wise's order and spelling", () => {
    expect(REQUEST_ERROR_CODES.join(" ")).toBe(WISE_REQUEST_ERROR_CODES);
    expect(PRODUCTION_ERROR_CODES.join(" ")).toBe(WISE_PRODUCTION_ERROR_CODES);
    expect([REQUEST_ERROR_CODES.length, PRODUCTION_ERROR_CODES.length]).toEqual([22, 36]);
  });
});

describe.each([
  ["isRequestErrorCode", isRequestErrorCode, REQUEST_ERROR_CODES, "PRD_HOPPER_JAM"],
  ["isProductionErrorCode", isProductionErrorCode, PRODUCTION_ERROR_CODES, "KIOSK_ID_NOT_FOUND"],
] as const)("%s", (name, isErrorCode, codes, foreign) => {
  it(`${name} accepts each code of its list`, () => {
    expect(codes.filter((code) => !isErrorCode(code))).toEqual([]);
  });

  it.each([foreign, "BRAND_NEW", "constructor", "unknown_error", "", " UNKNOWN_ERROR", null, undefined, 7, {}])(
    `${name} rejects %j`,
    (value) => {
      expect(isErrorCode(value)).toBe(false);
    },
  );
});
