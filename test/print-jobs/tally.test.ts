import { describe, expect, it } from "vitest";
import { nextPrintJob, type PrintJob, tallyPrintJobs } from "wise-card-kiosk/print-jobs";
import { applyInputs, BEFORE, createProduction, INPUTS, JOBS, toDate } from "../support/print-job-records.js";

/** Returns a failed job of a kiosk: created at 12:00 UTC, and failed this many seconds later. */
function failed(seconds: number, errorCode: string | null, kioskId = "WIS00001"): PrintJob {
  const accepted = { ...JOBS.accepted, kioskId };
  const event = { kind: "event", production: createProduction("PRODUCTION_ERROR", 2, { errorCode, kioskId }) } as const;
  return nextPrintJob(accepted, event, toDate(seconds));
}

const HOUR = 3600;

describe("tallyPrintJobs", () => {
  it("counts what was produced, failed and is unresolved, for each kiosk and day", () => {
    const tomorrow = applyInputs(JOBS.accepted, [13 * HOUR, INPUTS.produced]);
    expect(
      tallyPrintJobs([tomorrow, JOBS.produced, JOBS.failed, JOBS.unresolved, failed(9, "PRT_RIBBON", "WIS00002")]),
    ).toEqual([
      { kioskId: "WIS00001", day: "2026-01-31", produced: 1, failed: 1, mayHaveLeftCard: 1, unresolved: 1 },
      { kioskId: "WIS00002", day: "2026-01-31", produced: 0, failed: 1, mayHaveLeftCard: 1, unresolved: 0 },
      { kioskId: "WIS00001", day: "2026-02-01", produced: 1, failed: 0, mayHaveLeftCard: 0, unresolved: 0 },
    ]);
  });

  it("counts nothing for jobs that printed nothing or still print", () => {
    const { requested, sent, accepted, adopted, notSentByRead, certainlyNotSent, neverSent, refused } = JOBS;
    const jobs = [requested, sent, accepted, adopted, notSentByRead, certainlyNotSent, neverSent, refused];
    expect(tallyPrintJobs(jobs)).toEqual([]);
    expect(tallyPrintJobs([])).toEqual([]);
  });

  it.each([
    ["PRD_FEEDER_EMPTY", 0],
    ["PRD_HOPPER_JAM", 1],
    ["A_CODE_OF_TOMORROW", 1],
    [null, 1],
  ])("counts whether a failure with %s may have left a card: %d", (errorCode, mayHaveLeftCard) => {
    expect(tallyPrintJobs([failed(9, errorCode)])).toMatchObject([{ failed: 1, mayHaveLeftCard }]);
  });

  it("counts a failure that only a person reported as one that may have left a card", () => {
    const word = { kind: "person", outcome: "failed", by: "anna", reason: "card in the reject box" } as const;
    const job = applyInputs(JOBS.unresolved, [60, word]);
    for (const production of [job.production, BEFORE, null]) {
      expect(tallyPrintJobs([{ ...job, production }])).toMatchObject([{ failed: 1, mayHaveLeftCard: 1 }]);
    }
  });

  it("counts a job on the day on which it reached its state, in the time zone", () => {
    const job = failed(11 * HOUR, "PRT_RIBBON");
    const dayIn = (timeZone?: string) => tallyPrintJobs([job], { timeZone })[0]?.day;
    expect(dayIn()).toBe("2026-01-31");
    expect(dayIn("UTC")).toBe("2026-01-31");
    expect(dayIn("Europe/Tallinn")).toBe("2026-02-01");
    expect(dayIn("America/New_York")).toBe("2026-01-31");
    expect(dayIn("Pacific/Kiritimati")).toBe("2026-02-01");
    // Twelve hours later the job is corrected, and counts on that day.
    const corrected = applyInputs(job, [24 * HOUR, { kind: "event", production: createProduction("PRODUCED", 2) }]);
    expect(tallyPrintJobs([corrected])).toMatchObject([{ day: "2026-02-01", produced: 1, failed: 0 }]);
  });

  it("counts a job with later notes on the day of its state", () => {
    const note = { at: toDate(40 * HOUR).toISOString(), state: "failed", by: null, note: "a note" } as const;
    const noted = { ...JOBS.failed, history: [...JOBS.failed.history, note], updatedAt: note.at };
    expect(tallyPrintJobs([noted])).toMatchObject([{ day: "2026-01-31" }]);
    expect(tallyPrintJobs([{ ...JOBS.failed, history: [] }])).toMatchObject([{ day: "2026-01-31" }]);
  });

  it("counts kiosk ids that differ only in case together", () => {
    expect(tallyPrintJobs([failed(9, null), failed(9, null, "wis00001")])).toMatchObject([
      { kioskId: "WIS00001", failed: 2 },
    ]);
  });

  it("counts kiosk ids apart that are equal in upper case only, as everywhere else", () => {
    expect(tallyPrintJobs([failed(9, null, "STRASSE"), failed(9, null, "straße")])).toMatchObject([
      { kioskId: "STRASSE", failed: 1 },
      { kioskId: "straße", failed: 1 },
    ]);
  });

  it.each<[string, object, object[]]>([
    ["on the day of its history", {}, [{ day: "2026-01-31", failed: 1, mayHaveLeftCard: 0 }]],
    ["on the day of its last change if it has no history", { history: undefined }, [{ day: "2026-02-02" }]],
    ["on the day of its last change if it has another history", { history: { length: 1 } }, [{ day: "2026-02-02" }]],
    ["as one that may have left a card if it has no production", { production: undefined }, [{ mayHaveLeftCard: 1 }]],
    [
      "as one that may have left a card if its production has another shape",
      { production: { status: "PRODUCTION_ERROR" } },
      [{ mayHaveLeftCard: 1 }],
    ],
    ["nowhere if it names no kiosk", { kioskId: undefined }, []],
    ["nowhere if it has no time", { history: undefined, updatedAt: undefined }, []],
  ])("counts a failed job of a later format %s", (_, fields, tallies) => {
    const later = { ...failed(9, "PRD_FEEDER_EMPTY"), format: 2, updatedAt: "2026-02-02T12:00:00.000Z", ...fields };
    expect(tallyPrintJobs([later as never])).toMatchObject(tallies);
  });

  it("accepts any iterable", () => {
    expect(tallyPrintJobs(new Set([JOBS.failed]))).toHaveLength(1);
  });

  it.each<[string, unknown, object?]>([
    ["timeZone", [], { timeZone: "Mars/Olympus" }],
    ["timeZone", [], { timeZone: 7 }],
    ["timezone", [], { timezone: "UTC" }],
    ["jobs", undefined],
    ["jobs", { job: JOBS.failed }],
    ["jobs", null],
    ["jobs", "abc"],
    ["jobs[0]", [null]],
    ["jobs[1]", [JOBS.failed, JOBS.failed.id]],
  ])("refuses the argument %s: %j, %j", (argument, jobs, options) => {
    expect(() => tallyPrintJobs(jobs as never, options)).toThrow(
      expect.objectContaining({ code: "ERR_ARGUMENT", argument }),
    );
  });
});
