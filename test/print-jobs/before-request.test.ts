import { describe, expect, it } from "vitest";
import { nextPrintJob, type PrintJob, type Production } from "wise-card-kiosk/print-jobs";
import { findEvidenceBefore, findStateBefore } from "../../src/print-jobs/rules/before-request.js";
import {
  applyInputs,
  BEFORE,
  createProduction,
  INTENT,
  JOBS,
  REQUESTED_JOB,
  toDate,
  toTimeText,
} from "../support/print-job-records.js";

const takeOver = (jobs: readonly PrintJob[]) => applyInputs(REQUESTED_JOB, [1, { kind: "earlier-jobs", jobs }]);
const firstRead = (read: Production, known: Production | null = null, seconds = 1) =>
  applyInputs({ ...REQUESTED_JOB, known }, [seconds, { kind: "first-read", production: read }]);
const elsewhere = { kioskId: "WIS00002" };

describe("a new job", () => {
  it("takes over the newest state that any earlier job of the card has known", () => {
    const older = { ...JOBS.failed, known: createProduction("PRODUCTION_ERROR", -9), production: null };
    const newer = { ...JOBS.failed, known: BEFORE, production: createProduction("PRODUCTION_ERROR", -5) };
    for (const jobs of [
      [older, newer],
      [newer, older],
    ]) {
      expect(takeOver(jobs)).toMatchObject({ state: "requested", known: newer.production, version: 2 });
    }
    expect(takeOver([])).toBe(REQUESTED_JOB);
  });

  it("takes over neither a refusal nor an unknown status", () => {
    const refused = { ...JOBS.refused, known: null };
    const unknown = { ...JOBS.unresolved, known: createProduction("UNRECOGNIZED", -5), production: null };
    const later = { ...JOBS.unresolved, known: { ...BEFORE, status: "LATER" } as never, production: null };
    expect(takeOver([refused, unknown, later])).toBe(REQUESTED_JOB);
  });

  it.each([
    ["an earlier job knew PRODUCED", { ...JOBS.failed, known: createProduction("PRODUCED", -100) }],
    ["the state of an earlier job rests on PRODUCED", { ...JOBS.produced, known: null }],
    ["a person said that the card was produced", { ...JOBS.produced, known: null, production: null }],
  ])("is not-sent if %s", (_why, earlier) => {
    expect(takeOver([JOBS.failed, earlier])).toMatchObject({ state: "not-sent", evidence: null, dueAt: null });
  });

  it.each<[string, Production, Production | null, string]>([
    ["READY", BEFORE, null, "requested"],
    ["a failure", createProduction("PRODUCTION_ERROR", -9), null, "requested"],
    ["a refusal, which says nothing about the card", createProduction("REQUEST_ERROR", -9), null, "requested"],
    ["IN_PROGRESS at this kiosk", createProduction("IN_PROGRESS", -9, { kioskId: "wis00001" }), null, "accepted"],
    ["IN_PROGRESS without a kiosk", createProduction("IN_PROGRESS", -9, { kioskId: null }), null, "accepted"],
    ["IN_PROGRESS elsewhere", createProduction("IN_PROGRESS", -9, elsewhere), null, "not-sent"],
    ["PRODUCED", createProduction("PRODUCED", -9), null, "not-sent"],
    ["an unknown status", createProduction("UNRECOGNIZED", -9), null, "not-sent"],
    [
      "an unknown status although a failure was known",
      createProduction("UNRECOGNIZED", -9),
      createProduction("PRODUCTION_ERROR", -5),
      "not-sent",
    ],
    ["READY, but IN_PROGRESS here was known", BEFORE, createProduction("IN_PROGRESS", -9), "accepted"],
    ["READY, but IN_PROGRESS elsewhere was known", BEFORE, createProduction("IN_PROGRESS", -9, elsewhere), "not-sent"],
    [
      "READY, but IN_PROGRESS was known for longer than any lag",
      BEFORE,
      createProduction("IN_PROGRESS", -601),
      "requested",
    ],
    ["READY, but PRODUCED was known long ago", BEFORE, createProduction("PRODUCED", -9999), "not-sent"],
    [
      "IN_PROGRESS, but its failure was known",
      createProduction("IN_PROGRESS", -9),
      createProduction("PRODUCTION_ERROR", -9),
      "requested",
    ],
    [
      "PRODUCED, but only a failure was known",
      createProduction("PRODUCED", -9),
      createProduction("PRODUCTION_ERROR", -5),
      "not-sent",
    ],
  ])("is decided by its first read: %s", (_read, read, known, state) => {
    const job = firstRead(read, known);
    expect(job).toMatchObject({ state, adopted: state === "accepted", intent: null });
    if (state !== "requested") expect(job.evidence).toBe("read");
  });

  it("sends the newest state that is known from before as `previous`", () => {
    const failure = createProduction("PRODUCTION_ERROR", -5);
    expect(findStateBefore({ ...REQUESTED_JOB, known: failure }, BEFORE)).toBe(failure);
    expect(findStateBefore({ ...REQUESTED_JOB, known: BEFORE }, failure)).toBe(failure);
    expect(findStateBefore({ ...REQUESTED_JOB, known: failure }, createProduction("REQUEST_ERROR", -1))).toBe(failure);
    expect(findStateBefore(REQUESTED_JOB, createProduction("REQUEST_ERROR", -1))).toBeUndefined();
  });

  it("sends a failure without a time as `previous`, not the READY from before it", () => {
    const failure = createProduction("PRODUCTION_ERROR", null);
    const known = { ...REQUESTED_JOB, known: BEFORE };
    expect(BEFORE.status).toBe("READY");
    expect(findStateBefore(known, failure)).toBe(failure);
    expect(findStateBefore({ ...known, known: failure }, BEFORE)).toBe(failure);
    const timelessReady = createProduction("READY", null);
    expect(findStateBefore({ ...known, known: createProduction("PRODUCTION_ERROR", -9) }, timelessReady)).toMatchObject(
      {
        status: "PRODUCTION_ERROR",
      },
    );
    expect(findStateBefore(known, timelessReady)).toBe(BEFORE);
  });

  it("sends a refusal as `previous` if it is later than the newest state and has a time", () => {
    const failure = createProduction("PRODUCTION_ERROR", -5);
    const refusedAt = (seconds: number | null): PrintJob => ({
      ...REQUESTED_JOB,
      production: createProduction("REQUEST_ERROR", seconds),
    });
    const job = { ...REQUESTED_JOB, known: failure };
    const [older, newer, timeless] = [refusedAt(-6), refusedAt(-4), refusedAt(null)];
    expect(findEvidenceBefore(job, BEFORE, [older, timeless])).toBe(failure);
    expect(findEvidenceBefore(job, BEFORE, [older, newer, timeless])).toBe(newer.production);
    const read = createProduction("REQUEST_ERROR", -3);
    expect(findEvidenceBefore(job, read, [older, newer])).toBe(read);
    expect(findEvidenceBefore(REQUESTED_JOB, read, [])).toBe(read);
    expect(findEvidenceBefore(REQUESTED_JOB, createProduction("REQUEST_ERROR", null), [])).toBeUndefined();
  });

  it("is due two minutes after its creation, and with an intent when the window of the request is over", () => {
    expect(REQUESTED_JOB.dueAt).toBe(toTimeText(120));
    expect(JOBS.sent.dueAt).toBe(toTimeText(47));
    const long = applyInputs(REQUESTED_JOB, [2, { kind: "intent", intent: INTENT, reconcileWindowMs: 60_000 }]);
    expect(long).toMatchObject({ dueAt: toTimeText(97), reconcileWindowMs: 60_000 });
    expect(JOBS.sent.reconcileWindowMs).toBe(10_000);
  });

  it("has a later due time only after another intent", () => {
    const again = { ...INTENT, expiresAt: toTimeText(60), requests: 2 };
    expect(applyInputs(JOBS.sent, [20, { kind: "intent", intent: again }])).toMatchObject({
      intent: again,
      dueAt: toTimeText(70),
    });
    const error = { code: "ERR_TIMEOUT", httpStatus: null, errorCode: null };
    const inDoubt = applyInputs(JOBS.sent, [36, { kind: "rejection", error, mayHaveTakenEffect: true }]);
    expect(inDoubt).toMatchObject({ state: "requested", error, dueAt: JOBS.sent.dueAt });
  });

  it("sends nothing if an event reported that the card is produced", () => {
    const produced = { ...REQUESTED_JOB, known: createProduction("PRODUCED", 1) };
    expect(applyInputs(produced, [2, { kind: "intent", intent: INTENT }])).toMatchObject({
      state: "not-sent",
      intent: null,
    });
  });
});

describe("an intent", () => {
  it.each(Object.entries(JOBS).filter(([, { state }]) => state !== "requested"))(
    "does not change a job that is %s, so the request may not leave",
    (_name, job) => {
      expect(nextPrintJob(job, { kind: "intent", intent: INTENT }, toDate(60))).toBe(job);
    },
  );
});

describe("a lapse", () => {
  it("closes a job without an intent at its due time, and not before", () => {
    expect(applyInputs(REQUESTED_JOB, [119, { kind: "lapse" }])).toBe(REQUESTED_JOB);
    expect(applyInputs(REQUESTED_JOB, [120, { kind: "lapse" }])).toMatchObject({ state: "not-sent", intent: null });
    expect(applyInputs(JOBS.sent, [9999, { kind: "lapse" }])).toBe(JOBS.sent);
  });
});

describe("a claim", () => {
  it("moves only the due time, by a minute if the job is due, or as long as the sweep says", () => {
    expect(applyInputs(JOBS.sent, [46, { kind: "claim" }])).toBe(JOBS.sent);
    const claimed = applyInputs(JOBS.sent, [47, { kind: "claim" }]);
    expect(claimed).toEqual({ ...JOBS.sent, dueAt: toTimeText(107), version: JOBS.sent.version + 1 });
    expect(applyInputs(JOBS.produced, [9999, { kind: "claim" }])).toBe(JOBS.produced);
    expect(applyInputs(claimed, [48, { kind: "claim", forMs: 3000 }])).toEqual({
      ...claimed,
      dueAt: toTimeText(51),
      version: claimed.version + 1,
    });
    expect(applyInputs(JOBS.produced, [48, { kind: "claim", forMs: 3000 }])).toBe(JOBS.produced);
  });
});
