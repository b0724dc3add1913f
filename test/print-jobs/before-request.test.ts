import { describe, expect, it } from "vitest";
import { nextPrintJob, type PrintJob, type Production } from "wise-card-kiosk/print-jobs";
import { stateBefore } from "../../src/print-jobs/rules/before-request.js";
import {
  BEFORE,
  INTENT,
  JOBS,
  jobAfter,
  moment,
  production,
  REQUESTED,
  timeAfter,
} from "../support/print-job-records.js";

const takeOver = (jobs: readonly PrintJob[]) => jobAfter(REQUESTED, [1, { kind: "earlier-jobs", jobs }]);
const firstRead = (read: Production, known: Production | null = null, seconds = 1) =>
  jobAfter({ ...REQUESTED, known }, [seconds, { kind: "first-read", production: read }]);
const elsewhere = { kioskId: "WIS00002" };

describe("A new job", () => {
  it("takes over the newest state that any earlier job of the card has known", () => {
    const older = { ...JOBS.failed, known: production("PRODUCTION_ERROR", -9), production: null };
    const newer = { ...JOBS.failed, known: BEFORE, production: production("PRODUCTION_ERROR", -5) };
    for (const jobs of [
      [older, newer],
      [newer, older],
    ]) {
      expect(takeOver(jobs)).toMatchObject({ state: "requested", known: newer.production, version: 2 });
    }
    expect(takeOver([])).toBe(REQUESTED);
  });

  it("takes over neither a refusal nor a status that it does not know", () => {
    const refused = { ...JOBS.refused, known: null };
    const unknown = { ...JOBS.unresolved, known: production("UNRECOGNIZED", -5), production: null };
    const later = { ...JOBS.unresolved, known: { ...BEFORE, status: "LATER" } as never, production: null };
    expect(takeOver([refused, unknown, later])).toBe(REQUESTED);
  });

  it.each([
    ["an earlier job has known PRODUCED", { ...JOBS.failed, known: production("PRODUCED", -100) }],
    ["the state of an earlier job rests on PRODUCED", { ...JOBS.produced, known: null }],
    ["a person said that the card was produced", { ...JOBS.produced, known: null, production: null }],
  ])("is not-sent if %s", (_why, earlier) => {
    expect(takeOver([JOBS.failed, earlier])).toMatchObject({ state: "not-sent", evidence: null, dueAt: null });
  });

  it.each<[string, Production, Production | null, string]>([
    ["READY", BEFORE, null, "requested"],
    ["a failure", production("PRODUCTION_ERROR", -9), null, "requested"],
    ["a refusal, which says nothing of the card", production("REQUEST_ERROR", -9), null, "requested"],
    ["IN_PROGRESS at this kiosk", production("IN_PROGRESS", -9, { kioskId: "wis00001" }), null, "accepted"],
    ["IN_PROGRESS without a kiosk", production("IN_PROGRESS", -9, { kioskId: null }), null, "accepted"],
    ["IN_PROGRESS elsewhere", production("IN_PROGRESS", -9, elsewhere), null, "not-sent"],
    ["PRODUCED", production("PRODUCED", -9), null, "not-sent"],
    ["an unknown status", production("UNRECOGNIZED", -9), null, "not-sent"],
    [
      "an unknown status although a failure was known",
      production("UNRECOGNIZED", -9),
      production("PRODUCTION_ERROR", -5),
      "not-sent",
    ],
    ["READY, but IN_PROGRESS here was known", BEFORE, production("IN_PROGRESS", -9), "accepted"],
    ["READY, but IN_PROGRESS elsewhere was known", BEFORE, production("IN_PROGRESS", -9, elsewhere), "not-sent"],
    ["READY, but IN_PROGRESS was known for longer than any lag", BEFORE, production("IN_PROGRESS", -601), "requested"],
    ["READY, but PRODUCED was known long ago", BEFORE, production("PRODUCED", -9999), "not-sent"],
    [
      "IN_PROGRESS, but its failure was known",
      production("IN_PROGRESS", -9),
      production("PRODUCTION_ERROR", -9),
      "requested",
    ],
    [
      "PRODUCED, but only a failure was known",
      production("PRODUCED", -9),
      production("PRODUCTION_ERROR", -5),
      "not-sent",
    ],
  ])("whose first read shows %s", (_read, read, known, state) => {
    const job = firstRead(read, known);
    expect(job).toMatchObject({ state, adopted: state === "accepted", intent: null });
    if (state !== "requested") expect(job.evidence).toBe("read");
  });

  it("sends with the newest state that is known from before as `previous`", () => {
    const failure = production("PRODUCTION_ERROR", -5);
    expect(stateBefore({ ...REQUESTED, known: failure }, BEFORE)).toBe(failure);
    expect(stateBefore({ ...REQUESTED, known: BEFORE }, failure)).toBe(failure);
    expect(stateBefore({ ...REQUESTED, known: failure }, production("REQUEST_ERROR", -1))).toBe(failure);
    expect(stateBefore(REQUESTED, production("REQUEST_ERROR", -1))).toBeUndefined();
  });

  it("is due two minutes after its creation, and with an intent when the window of the request is over", () => {
    expect(REQUESTED.dueAt).toBe(timeAfter(120));
    expect(JOBS.sent.dueAt).toBe(timeAfter(47));
    const long = jobAfter(REQUESTED, [2, { kind: "intent", intent: INTENT, reconcileWindowMs: 60_000 }]);
    expect(long.dueAt).toBe(timeAfter(97));
  });

  it("gets a later due time only with another intent", () => {
    const again = { ...INTENT, expiresAt: timeAfter(60), requests: 2 };
    expect(jobAfter(JOBS.sent, [20, { kind: "intent", intent: again }])).toMatchObject({
      intent: again,
      dueAt: timeAfter(70),
    });
    const error = { code: "ERR_TIMEOUT", httpStatus: null, errorCode: null };
    const inDoubt = jobAfter(JOBS.sent, [36, { kind: "rejection", error, mayHaveTakenEffect: true }]);
    expect(inDoubt).toMatchObject({ state: "requested", error, dueAt: JOBS.sent.dueAt });
  });

  it("does not send if it is produced by what an event has said", () => {
    const produced = { ...REQUESTED, known: production("PRODUCED", 1) };
    expect(jobAfter(produced, [2, { kind: "intent", intent: INTENT }])).toMatchObject({
      state: "not-sent",
      intent: null,
    });
  });
});

describe("An intent", () => {
  it.each(Object.entries(JOBS).filter(([, { state }]) => state !== "requested"))(
    "changes nothing of a job that is %s: the request may not leave",
    (_name, job) => {
      expect(nextPrintJob(job, { kind: "intent", intent: INTENT }, moment(60))).toBe(job);
    },
  );
});

describe("A lapse", () => {
  it("closes a job without an intent at its due time and not before", () => {
    expect(jobAfter(REQUESTED, [119, { kind: "lapse" }])).toBe(REQUESTED);
    expect(jobAfter(REQUESTED, [120, { kind: "lapse" }])).toMatchObject({ state: "not-sent", intent: null });
    expect(jobAfter(JOBS.sent, [9999, { kind: "lapse" }])).toBe(JOBS.sent);
  });
});

describe("A claim", () => {
  it("moves the due time by a minute, and nothing else, and only of a job that is due", () => {
    expect(jobAfter(JOBS.sent, [46, { kind: "claim" }])).toBe(JOBS.sent);
    const claimed = jobAfter(JOBS.sent, [47, { kind: "claim" }]);
    expect(claimed).toEqual({ ...JOBS.sent, dueAt: timeAfter(107), version: JOBS.sent.version + 1 });
    expect(jobAfter(JOBS.produced, [9999, { kind: "claim" }])).toBe(JOBS.produced);
  });
});
