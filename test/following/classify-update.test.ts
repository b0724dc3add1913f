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

describe("classifyEvent", () => {
  it.each<[string, Production | undefined, Production, UpdateDecision]>([
    ["of PRODUCED before the first read", undefined, state("PRODUCED"), "accept"],
    ["of PRODUCED after IN_PROGRESS", state("IN_PROGRESS"), state("PRODUCED"), "accept"],
    ["of PRODUCED after IN_PROGRESS with a later time", state("IN_PROGRESS", T2), state("PRODUCED", T1), "accept"],
    ["of PRODUCED without a time", state("IN_PROGRESS"), state("PRODUCED", null), "accept"],
    ["of PRODUCED at another kiosk", state("IN_PROGRESS"), state("PRODUCED", T2, { kioskId: "WIS2" }), "accept"],
    ["of PRODUCED after PRODUCED", state("PRODUCED"), state("PRODUCED"), "ignore"],
    ["of PRODUCED after PRODUCED at another time", state("PRODUCED", T1), state("PRODUCED", T2), "ignore"],
    ["of a later failure after PRODUCED", state("PRODUCED", T1), failed(T2), "ignore"],
    ["of IN_PROGRESS before the first read", undefined, state("IN_PROGRESS"), "refetch"],
    ["of a failure before the first read", undefined, failed(T2), "refetch"],
    ["of the known state", failed(T2), failed(T2), "ignore"],
    ["of the known state with another description", failed(T2), { ...failed(T2), description: "Jam" }, "ignore"],
    ["of the known state in whole seconds", failed(T2), failed(T2_IN_WHOLE_SECONDS), "ignore"],
    ["of the failure of this print", state("IN_PROGRESS", T2), failed(T2), "accept"],
    ["of the failure of this print in whole seconds", state("IN_PROGRESS", T2), failed(T2_IN_WHOLE_SECONDS), "refetch"],
    [
      "of the failure of this print or of another one in the same second",
      state("IN_PROGRESS", T2_IN_WHOLE_SECONDS),
      failed(T2_IN_WHOLE_SECONDS),
      "refetch",
    ],
    ["of a failure at another kiosk", state("IN_PROGRESS", T2), failed(T2, null, "WIS00002"), "refetch"],
    ["of another failure of this print", failed(T2), failed(T2, "PRT_RIBBON_ENDED"), "refetch"],
    ["of the beginning of this print that arrives late", failed(T2), state("IN_PROGRESS", T2), "refetch"],
    ["of the failure before this print that arrives late", state("IN_PROGRESS", T2), failed(T1), "refetch"],
    ["of READY that arrives late", state("IN_PROGRESS", T2), state("READY", T1), "refetch"],
    ["of the print after a failure", failed(T1), state("IN_PROGRESS", T2), "accept"],
    ["of the failure of the print after a failure", failed(T1), failed(T2), "accept"],
    ["of IN_PROGRESS after READY", state("READY", T1), state("IN_PROGRESS", T2), "accept"],
    [
      "with a time later by 1 s",
      failed("2026-01-01T12:05:00Z"),
      state("IN_PROGRESS", "2026-01-01T12:05:01Z"),
      "accept",
    ],
    [
      "with a time later by 999 ms",
      failed("2026-01-01T12:05:00Z"),
      state("IN_PROGRESS", "2026-01-01T12:05:00.999Z"),
      "refetch",
    ],
    ["without a time", state("IN_PROGRESS", T2), failed(null), "refetch"],
    ["with an invalid time", state("IN_PROGRESS", T2), failed("noon"), "refetch"],
    ["with a time if the known state has none", state("IN_PROGRESS", null), failed(T2), "refetch"],
    ["without a time if the known state has none", state("IN_PROGRESS", null), failed(null), "refetch"],
    [
      "of REQUEST_ERROR, which no documented event reports",
      state("IN_PROGRESS", T1),
      state("REQUEST_ERROR", T2),
      "refetch",
    ],
    ["of an unknown status", state("IN_PROGRESS", T1), state("UNRECOGNIZED", T2), "refetch"],
    ["of a failure after an unknown status", state("UNRECOGNIZED", T2), failed(T2), "refetch"],
    ["of a later failure after an unknown status", state("UNRECOGNIZED", T1), failed(T2), "accept"],
  ])("classifies an event %s", (_what, known, event, decision) => {
    expect(classifyEvent(known, event)).toBe(decision);
  });
});

describe("classifyRead", () => {
  it.each<[string, Production | undefined, Production, UpdateDecision]>([
    ["the first state", undefined, failed(T1), "accept"],
    ["the known state", failed(T2), failed(T2), "ignore"],
    ["the known state after an event in whole seconds", failed(T2_IN_WHOLE_SECONDS), failed(T2), "ignore"],
    ["anything after PRODUCED", state("PRODUCED"), state("IN_PROGRESS", T2), "ignore"],
    ["PRODUCED", state("IN_PROGRESS"), state("PRODUCED"), "accept"],
    ["the end of this print", state("IN_PROGRESS", T2), failed(T2), "accept"],
    ["the beginning of the print that failed", failed(T2), state("IN_PROGRESS", T2), "ignore"],
    [
      "the beginning of the print that failed by an event in whole seconds",
      failed(T2_IN_WHOLE_SECONDS),
      state("IN_PROGRESS", T2),
      "ignore",
    ],
    ["the beginning of a print at another kiosk", failed(T2), state("IN_PROGRESS", T2, { kioskId: "WIS2" }), "accept"],
    [
      "the beginning of a print in the second of the one that failed",
      failed(T2_IN_WHOLE_SECONDS),
      state("IN_PROGRESS", T2_IN_WHOLE_SECONDS),
      "accept",
    ],
    ["the beginning of a print without a time", failed(null), state("IN_PROGRESS", null), "accept"],
    ["the next print", failed(T1), state("IN_PROGRESS", T2), "accept"],
    ["an earlier print", state("READY", T2), state("IN_PROGRESS", T1), "ignore"],
    ["the failure before this print", state("IN_PROGRESS", T2), failed(T1), "ignore"],
    ["READY of an earlier time", state("IN_PROGRESS", T2), state("READY", T1), "ignore"],
    ["READY without a time", state("IN_PROGRESS", T2), state("READY", null), "accept"],
    ["a failure in the second of this print", state("IN_PROGRESS", T2), failed(T2_IN_WHOLE_SECONDS), "accept"],
    ["a failure without a time", state("IN_PROGRESS", T2), failed(null), "accept"],
    ["another error code of this failure", failed(T2, null), failed(T2), "accept"],
    [
      "IN_PROGRESS after a REQUEST_ERROR that turned out to be wrong",
      state("REQUEST_ERROR", T2),
      state("IN_PROGRESS", T2),
      "accept",
    ],
    ["IN_PROGRESS after an unknown status", state("UNRECOGNIZED", T2), state("IN_PROGRESS", T2), "accept"],
    ["an unknown status after a failure", failed(T2), state("UNRECOGNIZED", T2), "accept"],
    [
      "another unknown status",
      state("UNRECOGNIZED", T2),
      { ...state("UNRECOGNIZED", T2), rawStatus: "COLLECTING" } as Production,
      "accept",
    ],
  ])("classifies a read of %s", (_what, known, read, decision) => {
    expect(classifyRead(known, read, false)).toBe(decision);
  });

  it.each<[string, Production, Production, UpdateDecision]>([
    ["IN_PROGRESS after a failure", failed(T2_IN_WHOLE_SECONDS), state("IN_PROGRESS", T2), "refetch"],
    ["the previous failure after IN_PROGRESS", state("IN_PROGRESS", T2), failed(T1), "refetch"],
    ["the same state as the event", failed(T2), failed(T2), "ignore"],
    ["PRODUCED", state("IN_PROGRESS", T2), state("PRODUCED", T2), "accept"],
  ])("classifies a read that an event overtook, of %s", (_what, known, read, decision) => {
    expect(classifyRead(known, read, true)).toBe(decision);
  });
});
