import { describe, expect, it } from "vitest";
import { classifyEvent, classifyRead, type UpdateDecision } from "../../src/following/classify-update.js";
import type { Production } from "../../src/production/production.js";

const T1 = "2026-01-01T12:00:00.100Z";
const T2 = "2026-01-01T12:05:00.500Z";
const T2_IN_WHOLE_SECONDS = "2026-01-01T12:05:00Z";

type Status = Production["status"];

function state(
  status: Status,
  occurredAt: string | null = T2,
  { kioskId = "WIS00001", errorCode = null }: { kioskId?: string | null; errorCode?: string | null } = {},
): Production {
  const details = { kioskId: status === "READY" ? null : kioskId, occurredAt, description: null };
  if (status === "UNRECOGNIZED") return { status, rawStatus: "PAUSED", errorCode, ...details };
  if (status === "PRODUCTION_ERROR" || status === "REQUEST_ERROR") return { status, errorCode, ...details };
  return { status, errorCode: null, ...details };
}

const failed = (occurredAt: string | null, errorCode: string | null = "PRD_HOPPER_JAM", kioskId = "WIS00001") =>
  state("PRODUCTION_ERROR", occurredAt, { errorCode, kioskId });

describe("what an event means", () => {
  it.each<[string, Production | undefined, Production, UpdateDecision]>([
    ["of PRODUCED, before anything was read", undefined, state("PRODUCED"), "believe"],
    ["of PRODUCED, after IN_PROGRESS", state("IN_PROGRESS"), state("PRODUCED"), "believe"],
    ["of PRODUCED, after IN_PROGRESS of a later time", state("IN_PROGRESS", T2), state("PRODUCED", T1), "believe"],
    ["of PRODUCED, at no time", state("IN_PROGRESS"), state("PRODUCED", null), "believe"],
    ["of PRODUCED, at another kiosk", state("IN_PROGRESS"), state("PRODUCED", T2, { kioskId: "WIS2" }), "believe"],
    ["of PRODUCED, again", state("PRODUCED"), state("PRODUCED"), "ignore"],
    ["of PRODUCED, again at another time", state("PRODUCED", T1), state("PRODUCED", T2), "ignore"],
    ["of a later failure, after PRODUCED", state("PRODUCED", T1), failed(T2), "ignore"],
    ["of IN_PROGRESS, before anything was read", undefined, state("IN_PROGRESS"), "read"],
    ["of a failure, before anything was read", undefined, failed(T2), "read"],
    ["of what is known", failed(T2), failed(T2), "ignore"],
    ["of what is known, in other words", failed(T2), { ...failed(T2), description: "Jam" }, "ignore"],
    ["of what is known, in whole seconds", failed(T2), failed(T2_IN_WHOLE_SECONDS), "ignore"],
    ["of the failure of this attempt", state("IN_PROGRESS", T2), failed(T2), "believe"],
    ["of the failure of this attempt, in whole seconds", state("IN_PROGRESS", T2), failed(T2_IN_WHOLE_SECONDS), "read"],
    [
      "of the failure of this attempt, or of one in the same second",
      state("IN_PROGRESS", T2_IN_WHOLE_SECONDS),
      failed(T2_IN_WHOLE_SECONDS),
      "read",
    ],
    ["of a failure at another kiosk", state("IN_PROGRESS", T2), failed(T2, null, "WIS00002"), "read"],
    ["of another failure of this attempt", failed(T2), failed(T2, "PRT_RIBBON_ENDED"), "read"],
    ["of the beginning of this attempt, late", failed(T2), state("IN_PROGRESS", T2), "read"],
    ["of the failure before this attempt, late", state("IN_PROGRESS", T2), failed(T1), "read"],
    ["of READY, late", state("IN_PROGRESS", T2), state("READY", T1), "read"],
    ["of the attempt after a failure", failed(T1), state("IN_PROGRESS", T2), "believe"],
    ["of the failure of the attempt after a failure", failed(T1), failed(T2), "believe"],
    ["of IN_PROGRESS, after READY", state("READY", T1), state("IN_PROGRESS", T2), "believe"],
    ["of a time later by 1 s", failed("2026-01-01T12:05:00Z"), state("IN_PROGRESS", "2026-01-01T12:05:01Z"), "believe"],
    [
      "of a time later by 999 ms",
      failed("2026-01-01T12:05:00Z"),
      state("IN_PROGRESS", "2026-01-01T12:05:00.999Z"),
      "read",
    ],
    ["of no time", state("IN_PROGRESS", T2), failed(null), "read"],
    ["of a time that is none", state("IN_PROGRESS", T2), failed("noon"), "read"],
    ["of a time, beside none", state("IN_PROGRESS", null), failed(T2), "read"],
    ["of no time, beside none", state("IN_PROGRESS", null), failed(null), "read"],
    ["of REQUEST_ERROR, which no event is known to tell", state("IN_PROGRESS", T1), state("REQUEST_ERROR", T2), "read"],
    ["of a status that is not known", state("IN_PROGRESS", T1), state("UNRECOGNIZED", T2), "read"],
    ["of a failure, after a status that is not known", state("UNRECOGNIZED", T2), failed(T2), "read"],
    ["of a later failure, after a status that is not known", state("UNRECOGNIZED", T1), failed(T2), "believe"],
  ])("%s", (_what, known, event, belief) => {
    expect(classifyEvent(known, event)).toBe(belief);
  });
});

describe("what a read means", () => {
  it.each<[string, Production | undefined, Production, UpdateDecision]>([
    ["the first", undefined, failed(T1), "believe"],
    ["the same", failed(T2), failed(T2), "ignore"],
    ["the same as an event in whole seconds", failed(T2_IN_WHOLE_SECONDS), failed(T2), "ignore"],
    ["anything, after PRODUCED", state("PRODUCED"), state("IN_PROGRESS", T2), "ignore"],
    ["PRODUCED", state("IN_PROGRESS"), state("PRODUCED"), "believe"],
    ["the end of this attempt", state("IN_PROGRESS", T2), failed(T2), "believe"],
    ["the beginning of the attempt that failed", failed(T2), state("IN_PROGRESS", T2), "ignore"],
    [
      "the beginning of an attempt at another kiosk",
      failed(T2),
      state("IN_PROGRESS", T2, { kioskId: "WIS2" }),
      "believe",
    ],
    [
      "the beginning of an attempt in the second of the one that failed",
      failed(T2_IN_WHOLE_SECONDS),
      state("IN_PROGRESS", T2_IN_WHOLE_SECONDS),
      "believe",
    ],
    ["the beginning of an attempt at no time", failed(null), state("IN_PROGRESS", null), "believe"],
    ["the next attempt", failed(T1), state("IN_PROGRESS", T2), "believe"],
    ["an earlier time", state("READY", T2), state("IN_PROGRESS", T1), "believe"],
    ["READY, again", state("IN_PROGRESS", T2), state("READY", T1), "believe"],
    ["another code of this failure", failed(T2, null), failed(T2), "believe"],
    [
      "IN_PROGRESS, after a refusal that was to be no refusal",
      state("REQUEST_ERROR", T2),
      state("IN_PROGRESS", T2),
      "believe",
    ],
    ["IN_PROGRESS, after a status that is not known", state("UNRECOGNIZED", T2), state("IN_PROGRESS", T2), "believe"],
    ["a status that is not known, after a failure", failed(T2), state("UNRECOGNIZED", T2), "believe"],
    [
      "another status that is not known",
      state("UNRECOGNIZED", T2),
      { ...state("UNRECOGNIZED", T2), rawStatus: "COLLECTING" } as Production,
      "believe",
    ],
  ])("that tells %s", (_what, known, read, belief) => {
    expect(classifyRead(known, read, false)).toBe(belief);
  });

  it.each<[string, Production, Production, UpdateDecision]>([
    ["IN_PROGRESS, after a failure", failed(T2_IN_WHOLE_SECONDS), state("IN_PROGRESS", T2), "read"],
    ["the failure before, after IN_PROGRESS", state("IN_PROGRESS", T2), failed(T1), "read"],
    ["the same as the event", failed(T2), failed(T2), "ignore"],
    ["PRODUCED", state("IN_PROGRESS", T2), state("PRODUCED", T2), "believe"],
  ])("that an event overtook tells %s", (_what, known, read, belief) => {
    expect(classifyRead(known, read, true)).toBe(belief);
  });
});
