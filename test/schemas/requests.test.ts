import { describe, expect, it } from "vitest";
import { produceRequestSchema, simulationRequestSchema } from "../../src/schemas/index.js";

describe("produceRequestSchema", () => {
  it("produceRequestSchema keeps the kiosk id and nothing else", () => {
    expect(produceRequestSchema.parse({ kioskId: "WIS00001", profileId: 1 })).toStrictEqual({ kioskId: "WIS00001" });
  });

  it.each([{}, { kioskId: "" }, { kioskId: " " }, { kioskId: 1 }, { kioskId: null }, null])(
    "produceRequestSchema refuses %j",
    (body) => {
      expect(produceRequestSchema.safeParse(body).success).toBe(false);
    },
  );
});

describe("simulationRequestSchema", () => {
  it.each([
    { status: "PRODUCED" },
    { status: "PRODUCED", errorCode: null },
    { status: "PRODUCTION_ERROR" },
    { status: "PRODUCTION_ERROR", errorCode: "PRT_NOT_REACHABLE" },
    { status: "PRODUCTION_ERROR", errorCode: "NEW_AT_WISE" },
  ])("simulationRequestSchema accepts %j", (body) => {
    expect(simulationRequestSchema.parse(body)).toStrictEqual(body);
  });

  it.each([
    {},
    { status: "READY" },
    { status: "IN_PROGRESS" },
    { status: "REQUEST_ERROR" },
    { status: "PRODUCED", errorCode: "PRT_NOT_REACHABLE" },
    { status: "PRODUCTION_ERROR", errorCode: "" },
  ])("simulationRequestSchema refuses %j", (body) => {
    expect(simulationRequestSchema.safeParse(body).success).toBe(false);
  });
});
