import { describe, expect, it } from "vitest";
import { freshnessOf, momentAtWise } from "../../src/delivery/freshness.js";
import type { Production } from "../../src/production/production.js";

const KIOSK = "WIS00001";
const BEGAN = Date.UTC(2026, 0, 1, 12);
const byWise = momentAtWise(BEGAN, 0, 0);
const byOurClock = momentAtWise(null, 0, BEGAN);

function failed(occurredAt: string | null, kioskId: string | null = KIOSK): Production {
  return { status: "PRODUCTION_ERROR", kioskId, occurredAt, errorCode: "PRD_HOPPER_JAM", description: null };
}

const secondsAfter = (seconds: number) => new Date(BEGAN + seconds * 1000).toISOString();
const before = failed(secondsAfter(-5));
const inProgress: Production = { ...before, status: "IN_PROGRESS", errorCode: null };

describe("the moment at Wise", () => {
  it("is that of the answer, less the time since", () => {
    expect(momentAtWise(BEGAN, 1500, 0).at).toBe(BEGAN - 1500);
  });

  it("is that of our clock where the answer has no date", () => {
    expect(momentAtWise(null, 1500, BEGAN).at).toBe(BEGAN - 1500);
  });
});

describe("whether a state that was read is the work of this call", () => {
  it.each<[string, Production, Production | undefined, typeof byWise, string]>([
    ["another kiosk", failed(secondsAfter(5), "WIS00002"), undefined, byWise, "stale"],
    ["another kiosk, and different from before", failed(secondsAfter(5), "WIS00002"), before, byWise, "stale"],
    ["the same as before", failed(secondsAfter(-5)), before, byWise, "stale"],
    ["the same as before but for the description", { ...before, description: "Hopper" }, before, byWise, "stale"],
    ["different from an IN_PROGRESS before", failed(secondsAfter(-5)), inProgress, byWise, "unknown"],
    ["different from before", failed(secondsAfter(5)), before, byWise, "fresh"],
    ["another code than before", { ...before, errorCode: "PRT_RIBBON_ENDED" } as Production, before, byWise, "fresh"],
    ["no time", failed(null), undefined, byWise, "unknown"],
    ["a time that cannot be read", failed("2024-01-01T12:24:560Z"), undefined, byWise, "unknown"],
    ["a time without a zone", failed("2026-01-01T12:00:05.000"), undefined, byWise, "unknown"],
    ["a time in another zone", failed("2026-01-01T14:00:05.000+02:00"), undefined, byWise, "fresh"],
    ["at the beginning", failed(secondsAfter(0)), undefined, byWise, "fresh"],
    ["after the beginning", failed(secondsAfter(1)), undefined, byWise, "fresh"],
    ["just before the beginning", failed(secondsAfter(-0.001)), undefined, byWise, "unknown"],
    ["60 s before", failed(secondsAfter(-60)), undefined, byWise, "unknown"],
    ["more than 60 s before", failed(secondsAfter(-60.001)), undefined, byWise, "stale"],
    ["no kiosk, after", failed(secondsAfter(1), null), undefined, byWise, "fresh"],
    ["by our clock, less than 5 minutes after", failed(secondsAfter(299.999)), undefined, byOurClock, "unknown"],
    ["by our clock, 5 minutes after", failed(secondsAfter(300)), undefined, byOurClock, "fresh"],
    ["by our clock, 5 minutes before", failed(secondsAfter(-300)), undefined, byOurClock, "unknown"],
    ["by our clock, more than 5 minutes before", failed(secondsAfter(-300.001)), undefined, byOurClock, "stale"],
  ])("%s", (_case, read, known, began, freshness) => {
    expect(freshnessOf({ read, kioskId: KIOSK, before: known, began })).toBe(freshness);
  });
});
