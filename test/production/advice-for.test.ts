import { describe, expect, it } from "vitest";
import { adviceFor } from "../../src/production/advice-for.js";
import { describeErrorCode } from "../../src/production/error-code-catalogue.js";
import { PRODUCTION_ERROR_CODES, REQUEST_ERROR_CODES } from "../../src/production/error-codes.js";
import type { Production } from "../../src/production/production.js";
import { canProduce } from "../../src/production/production-flow.js";
import { failedWith, NO_CODES, PRODUCTIONS, refusedWith } from "../support/productions.js";

const plain = { kioskId: null, occurredAt: null, description: null, errorCode: null };

describe("adviceFor", () => {
  it.each<[Production, ReturnType<typeof adviceFor>]>([
    [
      { status: "READY", ...plain },
      {
        nextStep: null,
        meaning: "The card is ready for production.",
        component: "unknown",
        mayLeaveCard: false,
        canProduce: true,
      },
    ],
    [
      { status: "IN_PROGRESS", ...plain },
      {
        nextStep: "check-status",
        meaning: "The kiosk is producing the card.",
        component: "unknown",
        mayLeaveCard: false,
        canProduce: false,
      },
    ],
    [
      { status: "PRODUCED", ...plain },
      {
        nextStep: null,
        meaning: "The card is produced and collected.",
        component: "unknown",
        mayLeaveCard: false,
        canProduce: false,
      },
    ],
    [
      { status: "UNRECOGNIZED", rawStatus: "HALTED", ...plain, errorCode: "PRT_LASER", description: "Laser is off." },
      {
        nextStep: "contact-wise",
        meaning: "This software does not know the status. Wise says: Laser is off.",
        component: "printer",
        mayLeaveCard: true,
        canProduce: false,
      },
    ],
  ])("advises on %j", (production, advice) => {
    expect(adviceFor(production)).toEqual(advice);
  });

  it.each([
    ["production", PRODUCTION_ERROR_CODES, failedWith, true],
    ["request", REQUEST_ERROR_CODES, refusedWith, false],
  ] as const)("repeats the catalogue for every listed %s code", (kind, codes, production, mayProduce) => {
    for (const listed of codes) {
      const { code: _, kind: __, ...description } = describeErrorCode(kind, listed) ?? expect.fail(listed);
      expect(adviceFor(production(listed, "Wise's words"))).toEqual({ ...description, canProduce: mayProduce });
    }
  });

  it.each(NO_CODES)("treats a PRODUCTION_ERROR with the code %j as an uncollected card", (errorCode) => {
    expect(adviceFor(failedWith(errorCode))).toEqual({
      nextStep: "fix-kiosk-and-retry",
      meaning: "No one collected the card, or the production failed and Wise sent no error code.",
      component: "unknown",
      mayLeaveCard: true,
      canProduce: true,
    });
  });

  it.each(NO_CODES)("advises reading the status after a REQUEST_ERROR with the code %j", (errorCode) => {
    expect(adviceFor(refusedWith(errorCode, "Refused"))).toEqual({
      nextStep: "check-status",
      meaning: "The request was not accepted, and Wise sent no error code. Wise says: Refused.",
      component: "request",
      mayLeaveCard: false,
      canProduce: false,
    });
  });

  it.each([
    ["CB_NEW", "central-base", "retry-later"],
    ["DP_NEW", "data-preparation", "retry-later"],
    ["SAT_NEW", "satellite", "fix-kiosk-and-retry"],
    ["PRT_LASER", "printer", "fix-kiosk-and-retry"],
    ["PRD_SMARTCARD_NEW", "production", "fix-kiosk-and-retry"],
    ["INV_NEW", "inventory", "contact-wise"],
    ["PRT", "unknown", "contact-wise"],
    ["PRINTER_NEW", "unknown", "contact-wise"],
    ["constructor_NEW", "unknown", "contact-wise"],
    ["KIOSK_ID_NOT_FOUND", "unknown", "contact-wise"],
  ])("advises on the unlisted production code %s by its prefix: %s, %s", (errorCode, component, nextStep) => {
    const advice = adviceFor(failedWith(errorCode));
    expect(advice).toMatchObject({ component, nextStep, mayLeaveCard: true, canProduce: true });
    expect(advice.meaning).toMatch(/^This software does not know this .*error\.$/);
  });

  it.each([
    ["NEW", "request"],
    ["PRT_LASER", "printer"],
    ["PRD_HOPPER_JAM", "production"],
  ])("advises reading the status after a REQUEST_ERROR with the unlisted code %s", (errorCode, component) => {
    expect(adviceFor(refusedWith(errorCode))).toMatchObject({
      component,
      nextStep: "check-status",
      mayLeaveCard: false,
      canProduce: false,
    });
  });

  it("quotes Wise's description of an unlisted code without control characters", () => {
    const { meaning } = adviceFor(failedWith("PRT_LASER", "Laser 2.1\u001b[2J\nis off!"));
    expect(meaning).toBe("This software does not know this printer error. Wise says: Laser 2.1 [2J is off.");
  });

  it("agrees with canProduce for every status with every code", () => {
    for (const production of PRODUCTIONS) {
      expect(adviceFor(production).canProduce, JSON.stringify(production)).toBe(canProduce(production));
    }
  });

  it("has the same five members for every status with every code", () => {
    for (const production of PRODUCTIONS) {
      expect(Object.keys(adviceFor(production)).sort()).toEqual([
        "canProduce",
        "component",
        "mayLeaveCard",
        "meaning",
        "nextStep",
      ]);
    }
  });

  it("returns a next step of null only for READY and PRODUCED", () => {
    const statuses = PRODUCTIONS.filter((production) => adviceFor(production).nextStep === null);
    expect(statuses.map(({ status }) => status)).toEqual(["READY", "PRODUCED"]);
  });

  it("returns an object that the caller can change without affecting later advice", () => {
    Object.assign(adviceFor(failedWith(null)), { meaning: "changed" });
    expect(adviceFor(failedWith(null)).meaning).not.toBe("changed");
  });
});
