import { describe, expect, it } from "vitest";
import { type Freshness, momentAtWise } from "../../src/delivery/freshness.js";
import { settleProduction } from "../../src/delivery/settle-production.js";
import { settleSimulation } from "../../src/delivery/settle-simulation.js";
import type { Settling } from "../../src/delivery/settlement.js";
import { parseProduction } from "../../src/index.js";

const BEGAN = Date.UTC(2026, 0, 1, 12);
const OCCURRED: Record<Freshness, string | null> = {
  fresh: new Date(BEGAN + 1000).toISOString(),
  stale: new Date(BEGAN - 3_600_000).toISOString(),
  unknown: null,
};

function read(status: string, freshness: Freshness, kioskId: string | null) {
  return parseProduction({ status, kioskId, occurredAt: OCCURRED[freshness] });
}

describe("what a read means for produceCard", () => {
  it.each<[string, string | null, Settling, Settling, Settling]>([
    ["READY", null, "send-again", "send-again", "send-again"],
    ["REQUEST_ERROR", "WIS00001", "resolve", "send-again", "send-again"],
    ["IN_PROGRESS", "WIS00001", "resolve", "resolve", "resolve"],
    ["IN_PROGRESS", null, "resolve", "resolve", "resolve"],
    ["IN_PROGRESS", "WIS00002", "stop", "stop", "stop"],
    ["PRODUCED", "WIS00001", "resolve", "stop", "stop"],
    ["PRODUCED", "WIS00002", "stop", "stop", "stop"],
    ["PRODUCTION_ERROR", "WIS00001", "resolve", "send-again", "stop"],
    ["PRODUCTION_ERROR", "WIS00002", "send-again", "send-again", "send-again"],
    ["COLLECTED_BY_ROBOT", "WIS00001", "stop", "stop", "stop"],
  ])("%s at %s", (status, kioskId, fresh, stale, unknown) => {
    const began = momentAtWise(BEGAN, 0, 0);
    const settle = (freshness: Freshness) =>
      settleProduction({ read: read(status, freshness, kioskId), kioskId: "WIS00001", before: undefined, began });
    expect([settle("fresh"), settle("stale"), settle("unknown")]).toEqual([fresh, stale, unknown]);
  });
});

describe("what a read means for simulateProductionStatus", () => {
  const jam = { status: "PRODUCTION_ERROR", errorCode: "PRD_HOPPER_JAM" } as const;
  const anyError = { status: "PRODUCTION_ERROR" } as const;
  const produced = { status: "PRODUCED" } as const;

  it.each<[string, string | null, Parameters<typeof settleSimulation>[1], Settling]>([
    ["READY", null, produced, "stop"],
    ["PRODUCED", null, jam, "stop"],
    ["PRODUCTION_ERROR", "PRT_RIBBON_ENDED", jam, "stop"],
    ["IN_PROGRESS", null, jam, "send-again"],
    ["PRODUCTION_ERROR", "PRD_HOPPER_JAM", jam, "resolve"],
    ["PRODUCTION_ERROR", "PRT_RIBBON_ENDED", anyError, "resolve"],
    ["PRODUCED", null, produced, "resolve"],
  ])("%s %s", (status, errorCode, target, settling) => {
    expect(settleSimulation(parseProduction({ status, errorCode }), target)).toBe(settling);
  });
});
