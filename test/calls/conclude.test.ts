import { describe, expect, it } from "vitest";
import { type Attribution, estimateWiseTime } from "../../src/calls/attribution.js";
import { concludeProduction, concludeSimulation } from "../../src/calls/conclude.js";
import type { Conclusion } from "../../src/calls/reconciliation.js";
import { parseProduction } from "../../src/index.js";

type Action = Conclusion["action"];

const BEGAN = Date.UTC(2026, 0, 1, 12);
const OCCURRED: Record<Attribution, string | null> = {
  ours: new Date(BEGAN + 1000).toISOString(),
  older: new Date(BEGAN - 3_600_000).toISOString(),
  unknown: null,
};

describe("concludeProduction", () => {
  it.each<[string, string | null, Action, Action, Action]>([
    ["READY", null, "send-again", "send-again", "send-again"],
    ["REQUEST_ERROR", "WIS00001", "resolve", "send-again", "send-again"],
    ["IN_PROGRESS", "WIS00001", "resolve", "resolve", "resolve"],
    ["IN_PROGRESS", "wis00001", "resolve", "resolve", "resolve"],
    ["IN_PROGRESS", null, "resolve", "resolve", "resolve"],
    ["PRODUCED", "WIS00001", "resolve", "stop", "stop"],
    ["PRODUCTION_ERROR", "WIS00001", "resolve", "send-again", "stop"],
    ["COLLECTED_BY_ROBOT", "WIS00001", "stop", "stop", "stop"],
  ])("decides what %s at kiosk %s means for each attribution", (status, kioskId, ours, older, unknown) => {
    const conclude = (attribution: Attribution) => {
      const read = parseProduction({ status, kioskId, occurredAt: OCCURRED[attribution] });
      const began = estimateWiseTime(BEGAN, 0, 0);
      return concludeProduction({ read, kioskId: "WIS00001", before: undefined, began });
    };
    expect(conclude("ours")).toEqual({ action: ours, attribution: "ours" });
    expect(conclude("older")).toEqual({ action: older, attribution: "older" });
    expect(conclude("unknown")).toEqual({ action: unknown, attribution: "unknown" });
  });

  it.each<[string, Action, Action]>([
    ["IN_PROGRESS", "stop", "stop"],
    ["PRODUCED", "stop", "stop"],
    ["PRODUCTION_ERROR", "stop", "send-again"],
  ])("never counts %s at another kiosk as the work of this call", (status, unknown, older) => {
    const conclude = (occurredAt: string | null) => {
      const read = parseProduction({ status, kioskId: "WIS00002", occurredAt });
      const began = estimateWiseTime(BEGAN, 0, 0);
      return concludeProduction({ read, kioskId: "WIS00001", before: undefined, began });
    };
    expect(conclude(OCCURRED.ours)).toEqual({ action: unknown, attribution: "unknown" });
    expect(conclude(OCCURRED.unknown)).toEqual({ action: unknown, attribution: "unknown" });
    expect(conclude(OCCURRED.older)).toEqual({ action: older, attribution: "older" });
  });
});

describe("concludeSimulation", () => {
  const jam = { status: "PRODUCTION_ERROR", errorCode: "PRD_HOPPER_JAM" } as const;
  const anyError = { status: "PRODUCTION_ERROR" } as const;
  const produced = { status: "PRODUCED" } as const;

  it.each<[string, string | null, Parameters<typeof concludeSimulation>[1], Action]>([
    ["READY", null, produced, "stop"],
    ["PRODUCED", null, jam, "stop"],
    ["PRODUCTION_ERROR", "PRT_RIBBON_ENDED", jam, "stop"],
    ["IN_PROGRESS", null, jam, "send-again"],
    ["PRODUCTION_ERROR", "PRD_HOPPER_JAM", jam, "resolve"],
    ["PRODUCTION_ERROR", "PRT_RIBBON_ENDED", anyError, "resolve"],
    ["PRODUCED", null, produced, "resolve"],
  ])("decides on a read of %s with code %s for the target %j: %s", (status, errorCode, target, action) => {
    expect(concludeSimulation(parseProduction({ status, errorCode }), target).action).toBe(action);
  });
});
