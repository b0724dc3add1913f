import { describe, expect, it } from "vitest";
import { type Attribution, attribute, estimateServerTime, isJustBefore } from "../../src/calls/attribution.js";
import type { Production } from "../../src/production/production.js";

const KIOSK = "WIS00001";
const ELSEWHERE = "WIS00002";
const BEGAN = Date.UTC(2026, 0, 1, 12);
const byWise = estimateServerTime(BEGAN, 0, 0);
const byOurClock = estimateServerTime(null, 0, BEGAN);

const secondsAfter = (seconds: number) => new Date(BEGAN + seconds * 1000).toISOString();

function failed(occurredAt: string | null, kioskId: string | null = KIOSK): Production {
  return { status: "PRODUCTION_ERROR", kioskId, occurredAt, errorCode: "PRD_HOPPER_JAM", description: null };
}

function inProgress(occurredAt: string | null, kioskId: string | null = KIOSK): Production {
  return { status: "IN_PROGRESS", kioskId, occurredAt, errorCode: null, description: null };
}

const before = failed(secondsAfter(-5));
const otherCode = { ...before, errorCode: "PRT_RIBBON_ENDED" } as Production;

describe("the moment at Wise", () => {
  it("is that of the response, less the time since", () => {
    expect(estimateServerTime(BEGAN, 1500, 0).at).toBe(BEGAN - 1500);
  });

  it("is that of our clock if the response has no date", () => {
    expect(estimateServerTime(null, 1500, BEGAN).at).toBe(BEGAN - 1500);
  });
});

describe("who caused a state that was read", () => {
  it.each<[string, Production, Production | undefined, typeof byWise, Attribution]>([
    ["known before: the same", before, before, byWise, "older"],
    ["known before: the same but for the description", { ...before, description: "Hopper" }, before, byWise, "older"],
    ["known before: the same in whole seconds", failed("2026-01-01T11:59:55Z"), before, byWise, "older"],
    [
      "known before: the same, at a kiosk in other letters",
      failed(secondsAfter(-5), "wis00001"),
      before,
      byWise,
      "older",
    ],
    ["known before: a failure without a time, and another", failed(null), failed(null), byWise, "unknown"],
    ["known before: in progress without a time, and still", inProgress(null), inProgress(null), byWise, "older"],
    ["known before: an earlier request", failed(secondsAfter(-6)), before, byWise, "older"],
    ["known before: an earlier step of the same attempt", inProgress(secondsAfter(-5)), before, byWise, "older"],
    ["known before: an earlier step, in whole seconds", inProgress("2026-01-01T11:59:55Z"), before, byWise, "older"],
    [
      "known before: an earlier step at another kiosk, so of another attempt",
      inProgress(secondsAfter(-5), ELSEWHERE),
      before,
      byWise,
      "unknown",
    ],
    ["known before: different, at another kiosk", failed(secondsAfter(5), ELSEWHERE), before, byWise, "unknown"],
    ["known before: different, at no kiosk", failed(secondsAfter(5), null), before, byWise, "ours"],
    ["known before: different, and it was in progress", before, inProgress(secondsAfter(-5)), byWise, "unknown"],
    ["known before: different", failed(secondsAfter(5)), before, byWise, "ours"],
    ["known before: another code", otherCode, before, byWise, "ours"],
    ["known before: different, without a time", failed(null), before, byWise, "ours"],
    ["known before: different, 60 s ago", failed(secondsAfter(-60)), inProgressLongAgo(), byWise, "unknown"],
    ["known before: different, 60 s before", failed(secondsAfter(-60)), failed(secondsAfter(-7200)), byWise, "ours"],
    [
      "known before: different, more than 60 s before",
      failed(secondsAfter(-60.001)),
      failed(secondsAfter(-7200)),
      byWise,
      "older",
    ],
    [
      "known before: different, less than 5 minutes before by our clock",
      failed(secondsAfter(-300)),
      failed(secondsAfter(-7200)),
      byOurClock,
      "ours",
    ],
    [
      "known before: different, more than 5 minutes before by our clock",
      failed(secondsAfter(-300.001)),
      failed(secondsAfter(-7200)),
      byOurClock,
      "older",
    ],
    ["no time", failed(null), undefined, byWise, "unknown"],
    ["a time that cannot be read", failed("yesterday"), undefined, byWise, "unknown"],
    ["a time without a zone", failed("2026-01-01T12:00:05.000"), undefined, byWise, "unknown"],
    ["a time in another zone", failed("2026-01-01T14:00:05.000+02:00"), undefined, byWise, "ours"],
    ["at S", failed(secondsAfter(0)), undefined, byWise, "ours"],
    ["at S, at a kiosk in other letters", failed(secondsAfter(0), "wis00001"), undefined, byWise, "ours"],
    ["after S", failed(secondsAfter(1)), undefined, byWise, "ours"],
    ["after S, at another kiosk", failed(secondsAfter(1), ELSEWHERE), undefined, byWise, "unknown"],
    ["after S, at no kiosk", failed(secondsAfter(1), null), undefined, byWise, "ours"],
    ["just before S", failed(secondsAfter(-0.001)), undefined, byWise, "unknown"],
    [
      "in the second of S, in whole seconds",
      failed("2026-01-01T11:59:59Z"),
      undefined,
      estimateServerTime(BEGAN, 1, 0),
      "ours",
    ],
    ["a second before S, in whole seconds", failed("2026-01-01T11:59:58Z"), undefined, byWise, "unknown"],
    ["60 s before S", failed(secondsAfter(-60)), undefined, byWise, "unknown"],
    ["more than 60 s before S", failed(secondsAfter(-60.001)), undefined, byWise, "older"],
    ["more than 60 s before S, at another kiosk", failed(secondsAfter(-61), ELSEWHERE), undefined, byWise, "older"],
    ["by our clock, less than 5 minutes after", failed(secondsAfter(299.999)), undefined, byOurClock, "unknown"],
    ["by our clock, 5 minutes after", failed(secondsAfter(300)), undefined, byOurClock, "ours"],
    ["by our clock, 5 minutes before", failed(secondsAfter(-300)), undefined, byOurClock, "unknown"],
    ["by our clock, more than 5 minutes before", failed(secondsAfter(-300.001)), undefined, byOurClock, "older"],
  ])("%s", (_case, read, known, began, attribution) => {
    expect(attribute({ read, kioskId: KIOSK, before: known, began })).toBe(attribution);
  });

  it("is not told apart by the case of our own kiosk id", () => {
    const evidence = { read: failed(secondsAfter(1)), before: undefined, began: byWise };
    expect(attribute({ ...evidence, kioskId: "wis00001" })).toBe("ours");
  });
});

describe("a state from just before a request", () => {
  const began = { monotonicMs: 0, wallMs: BEGAN + 500, firedMs: 0 };
  const moment = (ms: number) => ({ ...began, wallMs: BEGAN + ms });
  /** The read was answered within the second in which the request began, by Wise's clock and by ours. */
  const agreed = { startedAt: moment(750), endedAt: moment(760), respondedAt: BEGAN };

  it.each<
    [string, string | null, typeof agreed | ({ respondedAt: null } & Omit<typeof agreed, "respondedAt">), boolean]
  >([
    ["a millisecond earlier", secondsAfter(0.499), agreed, true],
    ["in the same millisecond", secondsAfter(0.5), agreed, false],
    ["a millisecond later", secondsAfter(0.501), agreed, false],
    ["in whole seconds, of the same second", "2026-01-01T12:00:00Z", agreed, false],
    ["in whole seconds, of the second before", "2026-01-01T11:59:59Z", agreed, true],
    ["without a time", null, agreed, false],
    ["with a time that cannot be ordered", "2026-01-01T12:00:00.100", agreed, false],
    ["without a Date", secondsAfter(0.1), { ...agreed, respondedAt: null }, false],
    ["by a clock behind Wise's", secondsAfter(0.1), { ...agreed, respondedAt: BEGAN + 60_000 }, false],
    ["by a clock ahead of Wise's", secondsAfter(0.1), { ...agreed, respondedAt: BEGAN - 60_000 }, false],
  ])("is recognised by milliseconds if both clocks agree: %s", (_case, occurredAt, read, isBefore) => {
    expect(isJustBefore(occurredAt, began, read)).toBe(isBefore);
  });
});

function inProgressLongAgo(): Production {
  return inProgress(secondsAfter(-7200));
}
