import { describe, expect, it } from "vitest";
import { type Attribution, attribute, estimateWiseTime, isJustBefore } from "../../src/calls/attribution.js";
import type { Production } from "../../src/production/production.js";

const KIOSK = "WIS00001";
const ELSEWHERE = "WIS00002";
const BEGAN = Date.UTC(2026, 0, 1, 12);
const byWise = estimateWiseTime(BEGAN, 0, 0);
const byOurClock = estimateWiseTime(null, 0, BEGAN);

const secondsAfter = (seconds: number) => new Date(BEGAN + seconds * 1000).toISOString();

function failed(occurredAt: string | null, kioskId: string | null = KIOSK): Production {
  return { status: "PRODUCTION_ERROR", kioskId, occurredAt, errorCode: "PRD_HOPPER_JAM", description: null };
}

function inProgress(occurredAt: string | null, kioskId: string | null = KIOSK): Production {
  return { status: "IN_PROGRESS", kioskId, occurredAt, errorCode: null, description: null };
}

const codeless = (occurredAt: string | null) => ({ ...failed(occurredAt), errorCode: null }) as Production;
const ready = (occurredAt: string | null) => ({ ...inProgress(occurredAt), status: "READY" }) as Production;
const produced = (occurredAt: string | null) => ({ ...inProgress(occurredAt), status: "PRODUCED" }) as Production;
const refused = (occurredAt: string | null): Production => ({
  ...inProgress(occurredAt),
  status: "REQUEST_ERROR",
  errorCode: "PRINTER_OR_SATELLITE_NOT_READY",
});

const before = failed(secondsAfter(-5));
const otherCode = { ...before, errorCode: "PRT_RIBBON_ENDED" } as Production;

describe("estimateWiseTime", () => {
  it("estimates the time at Wise as the Date of the response less the elapsed time", () => {
    expect(estimateWiseTime(BEGAN, 1500, 0).at).toBe(BEGAN - 1500);
  });

  it("estimates the time at Wise by our clock if the response has no Date", () => {
    expect(estimateWiseTime(null, 1500, BEGAN).at).toBe(BEGAN - 1500);
  });
});

describe("attribute", () => {
  it.each<[Attribution, string, Production, Production | undefined, typeof byWise]>([
    ["older", "the same state as before", before, before, byWise],
    [
      "older",
      "the same state as before with another description",
      { ...before, description: "Hopper" },
      before,
      byWise,
    ],
    ["older", "the same state as before in whole seconds", failed("2026-01-01T11:59:55Z"), before, byWise],
    ["older", "the same state as before in other letters", failed(secondsAfter(-5), "wis00001"), before, byWise],
    ["unknown", "the same failure as before if it has no time", failed(null), failed(null), byWise],
    ["older", "the same production in progress as before without a time", inProgress(null), inProgress(null), byWise],
    ["older", "a state of an earlier attempt than before", failed(secondsAfter(-6)), before, byWise],
    ["older", "an earlier step of the same attempt", inProgress(secondsAfter(-5)), before, byWise],
    [
      "older",
      "an earlier step of the same attempt in whole seconds",
      inProgress("2026-01-01T11:59:55Z"),
      before,
      byWise,
    ],
    [
      "unknown",
      "an earlier step at another kiosk, so of another attempt",
      inProgress(secondsAfter(-5), ELSEWHERE),
      before,
      byWise,
    ],
    ["unknown", "a new state at another kiosk", failed(secondsAfter(5), ELSEWHERE), before, byWise],
    ["ours", "a new state without a kiosk", failed(secondsAfter(5), null), before, byWise],
    ["unknown", "a new state after a production in progress", before, inProgress(secondsAfter(-5)), byWise],
    ["ours", "a new state", failed(secondsAfter(5)), before, byWise],
    ["ours", "a state whose error code differs from the one before", otherCode, before, byWise],
    ["unknown", "the failure of before, if it may be without its time", failed(null), before, byWise],
    ["unknown", "a failure with a time, if the failure of before has none", before, failed(null), byWise],
    [
      "unknown",
      "a failure with a code, if neither it nor the one of before has a time",
      failed(null),
      codeless(null),
      byWise,
    ],
    [
      "unknown",
      "a failure at a kiosk, if neither it nor the one of before has a time",
      failed(null),
      failed(null, null),
      byWise,
    ],
    ["older", "the failure of before with its error code", before, codeless(before.occurredAt), byWise],
    ["older", "the failure of before without its error code", codeless(before.occurredAt), before, byWise],
    ["older", "the failure of before with its kiosk", before, { ...before, kioskId: null }, byWise],
    ["older", "the failure of before without its kiosk", { ...before, kioskId: null }, before, byWise],
    ["older", "the failure of before, after all PRODUCED", produced(secondsAfter(-5)), before, byWise],
    [
      "older",
      "the failure of before, after all PRODUCED, in whole seconds",
      produced("2026-01-01T11:59:55Z"),
      before,
      byWise,
    ],
    ["ours", "PRODUCED with a time that differs from the failure before", produced(secondsAfter(-4)), before, byWise],
    ["ours", "PRODUCED without a time, after a failure", produced(null), before, byWise],
    [
      "ours",
      "PRODUCED with the time of READY, which is not a print",
      produced(secondsAfter(-5)),
      ready(secondsAfter(-5)),
      byWise,
    ],
    ["ours", "a refusal at S", refused(secondsAfter(0)), ready(secondsAfter(-7200)), byWise],
    ["unknown", "a refusal before S", refused(secondsAfter(-0.001)), ready(secondsAfter(-7200)), byWise],
    ["unknown", "a refusal without a time", refused(null), ready(secondsAfter(-7200)), byWise],
    [
      "unknown",
      "a refusal less than 5 minutes after S by our clock",
      refused(secondsAfter(299)),
      ready(null),
      byOurClock,
    ],
    ["older", "a refusal more than 60 s before S", refused(secondsAfter(-61)), ready(secondsAfter(-7200)), byWise],
    ["older", "the same refusal as before, even at S", refused(secondsAfter(0)), refused(secondsAfter(0)), byWise],
    [
      "ours",
      "a refusal at S that differs from the one before",
      refused(secondsAfter(0.5)),
      refused(secondsAfter(0.1)),
      byWise,
    ],
    [
      "older",
      "a failure of an earlier time than a refusal",
      failed(secondsAfter(-6)),
      refused(secondsAfter(-5)),
      byWise,
    ],
    ["ours", "a failure of a later time than a refusal", failed(secondsAfter(-4)), refused(secondsAfter(-5)), byWise],
    ["ours", "PRODUCED after a refusal", produced(secondsAfter(5)), refused(secondsAfter(-5)), byOurClock],
    [
      "ours",
      "a failure in the second of a refusal",
      failed("2026-01-01T12:00:00Z"),
      refused(secondsAfter(0.1)),
      byWise,
    ],
    [
      "ours",
      "a production in progress in the second of a refusal",
      inProgress("2026-01-01T12:00:00Z"),
      refused(secondsAfter(0.1)),
      byWise,
    ],
    [
      "unknown",
      "a failure before S in the second of a refusal",
      failed("2026-01-01T11:59:55Z"),
      refused(secondsAfter(-5)),
      byWise,
    ],
    ["unknown", "a failure without a time after a refusal", failed(null), refused(secondsAfter(-5)), byWise],
    [
      "unknown",
      "a new state 60 s before S after a production in progress",
      failed(secondsAfter(-60)),
      inProgressLongAgo(),
      byWise,
    ],
    ["ours", "a new state 60 s before S", failed(secondsAfter(-60)), failed(secondsAfter(-7200)), byWise],
    [
      "older",
      "a new state more than 60 s before S",
      failed(secondsAfter(-60.001)),
      failed(secondsAfter(-7200)),
      byWise,
    ],
    [
      "ours",
      "a new state 5 minutes before S by our clock",
      failed(secondsAfter(-300)),
      failed(secondsAfter(-7200)),
      byOurClock,
    ],
    [
      "older",
      "a new state more than 5 minutes before S by our clock",
      failed(secondsAfter(-300.001)),
      failed(secondsAfter(-7200)),
      byOurClock,
    ],
    ["unknown", "a state without a time", failed(null), undefined, byWise],
    ["unknown", "a state with an invalid time", failed("yesterday"), undefined, byWise],
    ["unknown", "a state with a time without a zone", failed("2026-01-01T12:00:05.000"), undefined, byWise],
    ["ours", "a state after S in another time zone", failed("2026-01-01T14:00:05.000+02:00"), undefined, byWise],
    ["ours", "a state at S", failed(secondsAfter(0)), undefined, byWise],
    ["ours", "a state at S with the kiosk id in other letters", failed(secondsAfter(0), "wis00001"), undefined, byWise],
    ["ours", "a state after S", failed(secondsAfter(1)), undefined, byWise],
    ["unknown", "a state after S at another kiosk", failed(secondsAfter(1), ELSEWHERE), undefined, byWise],
    ["ours", "a state after S without a kiosk", failed(secondsAfter(1), null), undefined, byWise],
    ["unknown", "a state just before S", failed(secondsAfter(-0.001)), undefined, byWise],
    [
      "ours",
      "a state in whole seconds from the second of S",
      failed("2026-01-01T11:59:59Z"),
      undefined,
      estimateWiseTime(BEGAN, 1, 0),
    ],
    [
      "unknown",
      "a state in whole seconds from an earlier second than S",
      failed("2026-01-01T11:59:58Z"),
      undefined,
      byWise,
    ],
    ["unknown", "a state 60 s before S", failed(secondsAfter(-60)), undefined, byWise],
    ["older", "a state more than 60 s before S", failed(secondsAfter(-60.001)), undefined, byWise],
    [
      "older",
      "a state more than 60 s before S at another kiosk",
      failed(secondsAfter(-61), ELSEWHERE),
      undefined,
      byWise,
    ],
    [
      "unknown",
      "a state less than 5 minutes after S by our clock",
      failed(secondsAfter(299.999)),
      undefined,
      byOurClock,
    ],
    ["ours", "a state 5 minutes after S by our clock", failed(secondsAfter(300)), undefined, byOurClock],
    ["unknown", "a state 5 minutes before S by our clock", failed(secondsAfter(-300)), undefined, byOurClock],
    [
      "older",
      "a state more than 5 minutes before S by our clock",
      failed(secondsAfter(-300.001)),
      undefined,
      byOurClock,
    ],
  ])("attribute returns '%s' for %s", (attribution, _case, read, known, began) => {
    expect(attribute({ read, kioskId: KIOSK, before: known, began })).toBe(attribution);
  });

  it("attribute ignores the case of the requested kiosk id", () => {
    const evidence = { read: failed(secondsAfter(1)), before: undefined, began: byWise };
    expect(attribute({ ...evidence, kioskId: "wis00001" })).toBe("ours");
  });
});

describe("isJustBefore", () => {
  const began = { monotonicMs: 0, wallMs: BEGAN + 500, firedMs: 0 };
  const moment = (ms: number) => ({ ...began, wallMs: BEGAN + ms });
  /** The response to the read came within the second in which the request began, on Wise's clock and on ours. */
  const agreed = { startedAt: moment(750), endedAt: moment(760), respondedAt: BEGAN };

  it.each<
    [boolean, string, string | null, typeof agreed | ({ respondedAt: null } & Omit<typeof agreed, "respondedAt">)]
  >([
    [true, "a state a millisecond before the request", secondsAfter(0.499), agreed],
    [false, "a state in the same millisecond as the request", secondsAfter(0.5), agreed],
    [false, "a state a millisecond after the request", secondsAfter(0.501), agreed],
    [false, "a state in whole seconds from the same second", "2026-01-01T12:00:00Z", agreed],
    [true, "a state in whole seconds from the second before", "2026-01-01T11:59:59Z", agreed],
    [false, "a state without a time", null, agreed],
    [false, "a state with a time that cannot be ordered", "2026-01-01T12:00:00.100", agreed],
    [false, "a response without a Date", secondsAfter(0.1), { ...agreed, respondedAt: null }],
    [
      true,
      "a response of the millisecond in which the read ended",
      secondsAfter(0.1),
      { ...agreed, respondedAt: BEGAN + 760 },
    ],
    [false, "a response a second before the read began", secondsAfter(0.1), { ...agreed, respondedAt: BEGAN - 250 }],
    [false, "a clock that is behind Wise's", secondsAfter(0.1), { ...agreed, respondedAt: BEGAN + 60_000 }],
    [false, "a clock that is ahead of Wise's", secondsAfter(0.1), { ...agreed, respondedAt: BEGAN - 60_000 }],
  ])("isJustBefore returns %s for %s", (isBefore, _case, occurredAt, read) => {
    expect(isJustBefore(occurredAt, began, read)).toBe(isBefore);
  });
});

function inProgressLongAgo(): Production {
  return inProgress(secondsAfter(-7200));
}
