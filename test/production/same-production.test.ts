import { describe, expect, it } from "vitest";
import type { Production } from "../../src/production/production.js";
import { isSameProduction } from "../../src/production/same-production.js";

const failed: Production = {
  status: "PRODUCTION_ERROR",
  kioskId: "WIS00001",
  occurredAt: "2024-01-01T12:24:56.121Z",
  errorCode: "PRT_PAUSED",
  description: "Printer error: printer paused",
};
const unknown: Production = { ...failed, status: "UNRECOGNIZED", rawStatus: "PAUSED" };

describe("isSameProduction", () => {
  it("compares status, kiosk, time and error code", () => {
    expect(isSameProduction(failed, { ...failed })).toBe(true);
    expect(isSameProduction(failed, { ...failed, status: "REQUEST_ERROR" })).toBe(false);
    expect(isSameProduction(failed, { ...failed, kioskId: "WIS00002" })).toBe(false);
    expect(isSameProduction(failed, { ...failed, kioskId: null })).toBe(false);
    expect(isSameProduction(failed, { ...failed, occurredAt: "2024-01-01T12:24:56.122Z" })).toBe(false);
    expect(isSameProduction(failed, { ...failed, errorCode: "PRT_RIBBON" })).toBe(false);
  });

  it("ignores the letter case of a kiosk id in any locale", () => {
    expect(isSameProduction(failed, { ...failed, kioskId: "wis00001" })).toBe(true);
    expect(isSameProduction(failed, { ...failed, kioskId: "W\u0130S00001" })).toBe(false);
  });

  it.each<[boolean, string | null, string | null]>([
    [true, "2024-01-01T12:24:56Z", "2024-01-01T12:24:56.121Z"],
    [true, "2024-01-01T12:24:56.999Z", "2024-01-01T12:24:56Z"],
    [true, "2024-01-01T12:24:56Z", "2024-01-01T13:24:56.121+01:00"],
    [true, "2024-01-01T12:24:56.1Z", "2024-01-01T12:24:56.100Z"],
    [true, "2024-01-01T12:24:560Z", "2024-01-01T12:24:56.121Z"],
    [false, "2024-01-01T12:24:56.000Z", "2024-01-01T12:24:56.121Z"],
    [false, "2024-01-01T12:24:55Z", "2024-01-01T12:24:56.000Z"],
    [false, "2024-01-01T12:24:57Z", "2024-01-01T12:24:56.999Z"],
    [false, "2024-01-01T12:24:56Z", "yesterday"],
    [false, "2024-01-01T12:24:56Z", null],
    [false, "yesterday, 10.15", "yesterday, 10.16"],
    [true, "yesterday", "yesterday"],
    [true, null, null],
  ])(
    "isSameProduction returns %s for %s and %s: a time in whole seconds matches every moment of that second",
    (isSame, one, other) => {
      expect(isSameProduction({ ...failed, occurredAt: one }, { ...failed, occurredAt: other })).toBe(isSame);
      expect(isSameProduction({ ...failed, occurredAt: other }, { ...failed, occurredAt: one })).toBe(isSame);
    },
  );

  it("ignores the description", () => {
    expect(isSameProduction(failed, { ...failed, description: null })).toBe(true);
  });

  it("distinguishes statuses that this version does not know", () => {
    expect(isSameProduction(unknown, { ...unknown })).toBe(true);
    expect(isSameProduction(unknown, { ...unknown, rawStatus: "HALTED" })).toBe(false);
    expect(isSameProduction(unknown, failed)).toBe(false);
  });
});
