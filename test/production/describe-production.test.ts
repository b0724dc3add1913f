import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { adviceFor } from "../../src/production/advice-for.js";
import { describeProduction } from "../../src/production/describe-production.js";
import type { Production } from "../../src/production/production.js";
import { failedWith, PRODUCTIONS, refusedWith } from "../support/productions.js";

const details = { kioskId: "WIS00001", occurredAt: "2024-01-01T12:24:56.121Z", description: null };
const plain = { ...details, errorCode: null };

/** The words that forbid a clerk to produce the card now, and the words that allow it. */
const FORBIDS = /\bdo not (produce|print|repeat)\b/i;
const ALLOWS = /\b([Tt]hen produce the card again|and produce the card again once|Produce it at a kiosk)\b/;

/** The words that describe each next step. */
const WORDS_OF_STEP = {
  "retry-later": /\bWait a little\b/,
  "fix-kiosk-and-retry": /\bFix this at the kiosk\b|\breject box for a card\. Then produce\b/,
  "fix-request": /\bsend a corrected request\b/,
  "check-status": /\bRead the status\b|\bWait for the result\b|\bfollow it\b/,
  "contact-wise": /\bContact Wise\b/,
};

describe("describeProduction", () => {
  it.each<[Production, string]>([
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
      "PRODUCED at kiosk WIS00001. The card is produced and collected. No further action is needed.",
    ],
    [
      failedWith("PRD_HOPPER_JAM"),
      "PRODUCTION_ERROR (PRD_HOPPER_JAM) at kiosk WIS00001. A card is jammed in the hopper. Check the machine and its reject box for a card. Fix this at the kiosk, then produce the card again.",
    ],
    [
      failedWith("PRD_FEEDER_EMPTY"),
      "PRODUCTION_ERROR (PRD_FEEDER_EMPTY) at kiosk WIS00001. The card feeder is empty. Fix this at the kiosk, then produce the card again.",
    ],
    [
      failedWith("CB_TIME"),
      "PRODUCTION_ERROR (CB_TIME) at kiosk WIS00001. The main server (central base) timed out. Check the machine and its reject box for a card. Wait a little, then produce the card again.",
    ],
    [
      failedWith("UNKNOWN_ERROR"),
      "PRODUCTION_ERROR (UNKNOWN_ERROR) at kiosk WIS00001. An unknown error occurred. Check the machine and its reject box for a card. Contact Wise, and produce the card again once the cause is fixed.",
    ],
    [
      failedWith("PRD_LASER", "Laser is off"),
      "PRODUCTION_ERROR (PRD_LASER) at kiosk WIS00001. This software does not know this production error. Wise says: Laser is off. Check the machine and its reject box for a card. Fix this at the kiosk, then produce the card again.",
    ],
    [
      failedWith(null, "Card not collected"),
      "PRODUCTION_ERROR at kiosk WIS00001. No one collected the card, or the production failed and Wise sent no error code. Wise says: Card not collected. Check the machine and its reject box for a card. Then produce the card again.",
    ],
    [
      refusedWith("UNABLE_TO_ACCEPT_REQUEST"),
      "REQUEST_ERROR (UNABLE_TO_ACCEPT_REQUEST) at kiosk WIS00001. The system is busy and not accepting new requests. Wait a little, then read the status, and repeat the request if the card can still be produced.",
    ],
    [
      refusedWith("KIOSK_ID_NOT_FOUND"),
      "REQUEST_ERROR (KIOSK_ID_NOT_FOUND) at kiosk WIS00001. No kiosk is set up under this kiosk id. Check the kiosk id and the card, and send a corrected request. If both are correct, contact Wise.",
    ],
    [
      refusedWith("REQUEST_ALREADY_EXISTS"),
      "REQUEST_ERROR (REQUEST_ALREADY_EXISTS) at kiosk WIS00001. The request has already been submitted. Read the status before you produce the card again: it may already be in production.",
    ],
    [
      refusedWith("REQUEST_CREATED_BUT_NOT_STARTED"),
      "REQUEST_ERROR (REQUEST_CREATED_BUT_NOT_STARTED) at kiosk WIS00001. The request has been created, but production is pending until the printer or satellite is ready. Do not produce the card again, even if its status is READY: follow it until the print starts. Produce it again only after a PRODUCTION_ERROR. If the print does not start within a reasonable time, contact Wise.",
    ],
    [
      refusedWith("constructor", "\u0000 \n"),
      "REQUEST_ERROR (constructor) at kiosk WIS00001. This software does not know this request error. Read the status before you produce the card again: it may already be in production.",
    ],
    [
      { status: "UNRECOGNIZED", rawStatus: "CANCELLED", ...plain, description: "Card cancelled." },
      "CANCELLED at kiosk WIS00001. This software does not know the status. Wise says: Card cancelled. Check the machine and its reject box for a card. Contact Wise, and do not produce the card until you know what the status means.",
    ],
  ])("describes %j as: %s", (production, line) => {
    expect(describeProduction(production)).toBe(line);
  });

  it("never contradicts canProduce, for any status with any code", () => {
    for (const production of PRODUCTIONS) {
      const line = describeProduction(production);
      const { canProduce } = adviceFor(production);
      expect([line, ALLOWS.test(line)]).toEqual([line, canProduce]);
      expect([line, canProduce && FORBIDS.test(line)]).toEqual([line, false]);
    }
  });

  it("states the next step, and no other, for every status with every code", () => {
    for (const production of PRODUCTIONS) {
      const line = describeProduction(production);
      const { nextStep } = adviceFor(production);
      const steps = Object.entries(WORDS_OF_STEP).filter(([, words]) => words.test(line));
      expect([line, steps.map(([step]) => step)]).toEqual([line, nextStep === null ? [] : [nextStep]]);
    }
  });

  it("asks the clerk to look for a card if and only if one may be left, for every status with every code", () => {
    for (const production of PRODUCTIONS) {
      const line = describeProduction(production);
      const asks = line.includes("Check the machine and its reject box for a card.");
      expect([line, asks]).toEqual([line, adviceFor(production).mayLeaveCard]);
    }
  });

  it("contains the meaning for every status with every code", () => {
    for (const production of PRODUCTIONS)
      expect(describeProduction(production)).toContain(adviceFor(production).meaning);
  });

  it("stays one line without control characters, whatever Wise sent", () => {
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
