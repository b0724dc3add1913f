import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { describeProduction } from "../../src/production/describe-production.js";
import { describeErrorCode } from "../../src/production/error-code-catalogue.js";
import { PRODUCTION_ERROR_CODES, REQUEST_ERROR_CODES } from "../../src/production/error-codes.js";
import type { Production } from "../../src/production/production.js";

const details = { kioskId: "WIS00001", occurredAt: "2024-01-01T12:24:56.121Z", description: null };
const plain = { ...details, errorCode: null };

describe("describeProduction", () => {
  test.each<[Production, string]>([
    [
      { status: "READY", ...plain, kioskId: null, description: "Card ready for production" },
      "READY. The card is ready for production. Produce it at a kiosk.",
    ],
    [
      { status: "IN_PROGRESS", ...plain },
      "IN_PROGRESS at kiosk WIS00001. The kiosk is producing the card. Wait for the result.",
    ],
    [
      { status: "IN_PROGRESS", ...plain, kioskId: null },
      "IN_PROGRESS. The kiosk is producing the card. Wait for the result.",
    ],
    [
      { status: "PRODUCED", ...plain },
      "PRODUCED at kiosk WIS00001. The card is produced and collected. Nothing is left to do.",
    ],
    [
      { status: "PRODUCTION_ERROR", ...details, errorCode: "PRD_HOPPER_JAM" },
      "PRODUCTION_ERROR (PRD_HOPPER_JAM) at kiosk WIS00001. A card is jammed in the hopper. See to this at the kiosk, then produce the card again.",
    ],
    [
      { status: "REQUEST_ERROR", ...details, errorCode: "REQUEST_CREATED_BUT_NOT_STARTED" },
      "REQUEST_ERROR (REQUEST_CREATED_BUT_NOT_STARTED) at kiosk WIS00001. The request has been created, and production waits until the printer or satellite is ready. Read the status before producing again: the card may be on its way already.",
    ],
    [
      { status: "UNRECOGNIZED", rawStatus: "CANCELLED", ...plain, description: "Card cancelled." },
      "CANCELLED at kiosk WIS00001. Wise says: Card cancelled. Do not produce the card again before you know what this status means.",
    ],
  ])("says of %j: %s", (production, line) => {
    expect(describeProduction(production)).toBe(line);
  });

  test.each<[Production, string]>([
    [
      { status: "PRODUCTION_ERROR", ...details, errorCode: "PRD_LASER", description: "Laser is off" },
      "PRODUCTION_ERROR (PRD_LASER) at kiosk WIS00001. Wise says: Laser is off. Do not produce the card again yet: contact Wise.",
    ],
    [
      { status: "PRODUCTION_ERROR", ...plain },
      "PRODUCTION_ERROR at kiosk WIS00001. Wise gave no description. Do not produce the card again yet: contact Wise.",
    ],
    [
      { status: "REQUEST_ERROR", ...details, errorCode: "constructor", description: "\u0000 \n" },
      "REQUEST_ERROR (constructor) at kiosk WIS00001. Wise gave no description. Read the status before producing again: the card may be on its way already.",
    ],
  ])("takes the most careful advice where it does not know the code: %j", (production, line) => {
    expect(describeProduction(production)).toBe(line);
  });

  test("carries the meaning of every code that is known", () => {
    for (const errorCode of REQUEST_ERROR_CODES) {
      const line = describeProduction({ status: "REQUEST_ERROR", ...details, errorCode });
      expect(line).toContain(describeErrorCode("request", errorCode)?.meaning);
    }
    for (const errorCode of PRODUCTION_ERROR_CODES) {
      const line = describeProduction({ status: "PRODUCTION_ERROR", ...details, errorCode });
      expect(line).toContain(describeErrorCode("production", errorCode)?.meaning);
    }
  });

  test("stays one line without control characters, whatever Wise sent", () => {
    const hostile = fc.string({ unit: "binary", maxLength: 400 });
    fc.assert(
      fc.property(
        fc.constantFrom("PRODUCTION_ERROR", "REQUEST_ERROR", "UNRECOGNIZED"),
        hostile,
        hostile,
        hostile,
        hostile,
        (status, kioskId, errorCode, description, rawStatus) => {
          const line = describeProduction({ status, rawStatus, kioskId, errorCode, description, occurredAt: null });
          expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
        },
      ),
    );
  });
});
