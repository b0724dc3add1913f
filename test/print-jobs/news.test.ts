import { describe, expect, it } from "vitest";
import { nextPrintJob, type PrintJob, type PrintJobInput, type Production } from "wise-card-kiosk/print-jobs";
import {
  INPUTS,
  INTENT,
  JOBS,
  jobAfter,
  moment,
  production,
  refusal,
  timeAfter,
} from "../support/print-job-records.js";

const afterEvent = (job: PrintJob, one: Production, seconds = 60) =>
  jobAfter(job, [seconds, { kind: "event", production: one }]);
const afterRead = (job: PrintJob, one: Production, seconds = 400) =>
  jobAfter(job, [seconds, { kind: "read", production: one }]);
const cut = (one: Production): Production => ({ ...one, occurredAt: one.occurredAt?.replace(/\.\d+/, "") ?? null });
const elsewhere = { kioskId: "WIS00002" };

/** A job whose card had failed before. */
const afterFailure = (seconds: number | null): PrintJob => {
  const intent = { ...INTENT, previous: production("PRODUCTION_ERROR", seconds, { errorCode: "PRT_RIBBON" }) };
  return { ...JOBS.sent, intent };
};

describe("An event", () => {
  it.each<[string, PrintJob, Production, string]>([
    ["is ours at the time of the request", JOBS.sent, production("PRODUCED", 2), "produced"],
    ["is older a minute and a second before the request", JOBS.sent, production("PRODUCED", -62), "requested"],
    ["is not ours at another kiosk", JOBS.sent, production("PRODUCED", 4, elsewhere), "requested"],
    ["is ours without a kiosk", JOBS.sent, production("PRODUCED", 4, { kioskId: null }), "produced"],
    ["is older if it is the state from before", afterFailure(-5), production("PRODUCTION_ERROR", -5), "requested"],
    ["is older if it comes before the state from before", afterFailure(-5), production("IN_PROGRESS", -5), "requested"],
    ["is older if it ties with the attempt from before", afterFailure(-5), production("PRODUCED", -5), "requested"],
    ["is ours if it comes after the attempt from before", afterFailure(-5), production("PRODUCED", 2), "produced"],
    ["is older if it ties in whole seconds", afterFailure(1.6), cut(production("PRODUCED", 1.9)), "requested"],
    ["is ours in the next whole second", afterFailure(1.6), cut(production("PRODUCED", 2.3)), "produced"],
    [
      "is not told apart from a failure without a time",
      afterFailure(null),
      production("PRODUCTION_ERROR", null),
      "requested",
    ],
  ])("%s", (_what, job, event, state) => {
    expect(afterEvent(job, event).state).toBe(state);
  });

  it("that ties with READY is ours: READY is no attempt", () => {
    const intent = { ...INTENT, previous: production("READY", 2.1) };
    expect(afterEvent({ ...JOBS.sent, intent }, cut(production("IN_PROGRESS", 2.4))).state).toBe("accepted");
  });

  it("is kept as known whosever it is, if it is the newest", () => {
    const older = afterEvent(JOBS.sent, production("PRODUCTION_ERROR", -100));
    expect(older).toMatchObject({ state: "requested", known: { status: "PRODUCTION_ERROR" } });
    expect(older.updatedAt).toBe(JOBS.sent.updatedAt);
    expect(afterEvent(older, production("IN_PROGRESS", -200))).toBe(older);
    expect(afterEvent(JOBS.failed, production("PRODUCED", 500))).toMatchObject({
      state: "failed",
      known: { status: "PRODUCED" },
    });
  });

  it("without a time that can be ordered makes open jobs due, apart from requested ones", () => {
    for (const [name, job] of Object.entries(JOBS)) {
      const next = afterEvent(job, production("PRODUCED", null));
      const isMadeDue = job.state === "accepted" || job.state === "unresolved";
      expect([name, next]).toEqual([
        name,
        isMadeDue ? { ...job, dueAt: timeAfter(60), version: job.version + 1 } : job,
      ]);
    }
  });
});

describe("An accepted job", () => {
  it("takes in only what is newer than what it knows", () => {
    const later = afterEvent(JOBS.accepted, production("IN_PROGRESS", 30));
    expect(later).toMatchObject({
      state: "accepted",
      production: { occurredAt: timeAfter(30) },
      dueAt: timeAfter(360),
    });
    expect(later.history).toBe(JOBS.accepted.history);
    expect(afterEvent(later, production("PRODUCTION_ERROR", 2)).state).toBe("accepted");
    expect(afterEvent(later, production("PRODUCTION_ERROR", 30)).state).toBe("failed");
  });

  it("is not changed by the same state in other words", () => {
    const same = { ...production("IN_PROGRESS", 2), kioskId: "wis00001", description: "Card in production" };
    expect(afterEvent(JOBS.accepted, same)).toBe(JOBS.accepted);
    expect(afterEvent(JOBS.accepted, cut(same))).toBe(JOBS.accepted);
  });

  it.each([
    ["READY", production("READY", -3600)],
    ["a failure from before", production("PRODUCTION_ERROR", -100)],
    ["IN_PROGRESS elsewhere", production("IN_PROGRESS", 30, elsewhere)],
    ["a failure elsewhere", production("PRODUCTION_ERROR", 30, elsewhere)],
    ["a status that is not known", production("UNRECOGNIZED", 30)],
    ["a refusal", refusal("REQUEST_ALREADY_EXISTS")],
  ])("stays accepted if it reads %s, and is read again after another five minutes", (_what, read) => {
    expect(afterRead(JOBS.accepted, read)).toMatchObject({ state: "accepted", dueAt: timeAfter(700) });
  });

  it("is read for the last time when it is stale", () => {
    expect(afterRead(JOBS.accepted, production("READY", -3600), 3500).dueAt).toBe(timeAfter(3603));
    expect(afterRead(JOBS.accepted, production("READY", -3600), 3602)).toMatchObject({ state: "accepted" });
    expect(afterRead(JOBS.accepted, production("READY", -3600), 3603)).toMatchObject({ state: "unresolved" });
  });

  it("does not take a failure without a time for its own if the card had failed without one before", () => {
    const job = jobAfter(afterFailure(null), [3, INPUTS.accepted]);
    expect(afterRead(job, production("PRODUCTION_ERROR", null)).state).toBe("accepted");
    expect(afterRead(job, production("PRODUCED", null)).state).toBe("produced");
  });

  it("that only Wise has created takes in whatever comes after the request, however it is timed", () => {
    expect(afterEvent(JOBS.createdNotStarted, production("IN_PROGRESS", 1))).toMatchObject({
      production: { status: "IN_PROGRESS" },
    });
    expect(afterEvent(JOBS.createdNotStarted, production("PRODUCTION_ERROR", 1)).state).toBe("failed");
  });
});

describe("A job that was accepted and is no longer", () => {
  const later = afterEvent(JOBS.accepted, production("IN_PROGRESS", 30));
  const stale = afterRead(later, production("READY", -3600), 4000);
  const word = { kind: "person", outcome: "not-printed", by: "anna", reason: "looked" } as const;
  const givenUp = jobAfter(stale, [4100, word]);

  it.each([
    ["the same state", production("IN_PROGRESS", 30)],
    ["an earlier state", production("IN_PROGRESS", 2)],
    ["an earlier end", production("PRODUCTION_ERROR", 2)],
  ])("does not become so again by %s of its print", (_what, known) => {
    expect([stale.state, givenUp.state]).toEqual(["unresolved", "not-sent"]);
    expect(afterEvent(stale, known, 4200)).toBe(stale);
    expect(afterEvent(givenUp, known, 4200)).toBe(givenUp);
    expect(afterRead(stale, known, 4200).state).toBe("unresolved");
  });

  it("ends by a later state of its print", () => {
    for (const job of [stale, givenUp]) {
      expect(afterEvent(job, production("PRODUCTION_ERROR", 30), 4200).state).toBe("failed");
      expect(afterEvent(job, production("PRODUCED", 30), 4200).state).toBe("produced");
    }
  });

  it("ends by its own print also if it is unresolved because another kiosk has produced the card", () => {
    const job = afterEvent(JOBS.accepted, production("PRODUCED", 40, elsewhere));
    expect(job.state).toBe("unresolved");
    expect(afterEvent(job, production("PRODUCTION_ERROR", 2)).state).toBe("failed");
  });
});

describe("A job that follows another print", () => {
  it("ends as that print ends", () => {
    expect(afterEvent(JOBS.adopted, production("PRODUCED", -10))).toMatchObject({ state: "produced", adopted: true });
    expect(afterEvent(JOBS.adopted, production("PRODUCTION_ERROR", -10))).toMatchObject({ state: "failed" });
    expect(afterEvent(JOBS.adopted, production("PRODUCTION_ERROR", -11))).toMatchObject({ state: "accepted" });
  });

  it("ends also if that print has no time", () => {
    const job = jobAfter(JOBS.requested, [1, { kind: "first-read", production: production("IN_PROGRESS", null) }]);
    expect(afterRead(job, production("PRODUCED", null)).state).toBe("produced");
    expect(afterRead(job, production("PRODUCTION_ERROR", null)).state).toBe("accepted");
  });

  it("is not-sent once it is unresolved and a read shows that nothing is printed", () => {
    const unresolved = afterRead(JOBS.adopted, production("READY", -3600), 4000);
    expect(unresolved.state).toBe("unresolved");
    expect(afterRead(unresolved, production("READY", -3600), 4100)).toMatchObject({
      state: "not-sent",
      evidence: "read",
    });
    expect(afterRead(unresolved, production("PRODUCTION_ERROR", -100), 4100)).toMatchObject({ state: "not-sent" });
    expect(afterRead(unresolved, production("PRODUCED", -10), 4100)).toMatchObject({ state: "produced" });
    expect(afterRead(unresolved, production("IN_PROGRESS", -10), 4100)).toMatchObject({
      state: "unresolved",
      dueAt: timeAfter(4260),
    });
  });
});

describe("Reconciling", () => {
  const reconciled = (outcome: "ours" | "not-taken" | "unknown", one: Production): PrintJobInput => ({
    kind: "reconciled",
    intent: INTENT,
    outcome,
    production: one,
  });

  it.each([
    ["IN_PROGRESS", "accepted"],
    ["PRODUCED", "produced"],
    ["PRODUCTION_ERROR", "failed"],
  ] as const)("takes %s that is ours for what it says: %s", (status, state) => {
    for (const job of [JOBS.sent, JOBS.unresolved, JOBS.refusedInDoubt, JOBS.notSentByRead]) {
      expect(jobAfter(job, [60, reconciled("ours", production(status, 3))])).toMatchObject({ state, evidence: "read" });
    }
  });

  it.each([
    ["REQUEST_CREATED_BUT_NOT_STARTED", "accepted"],
    ["REQUEST_ALREADY_EXISTS", "unresolved"],
    ["PIN_VERIFICATION_FAILED", "refused"],
  ])("takes the refusal %s that is ours for %s", (errorCode, state) => {
    expect(jobAfter(JOBS.sent, [60, reconciled("ours", refusal(errorCode))]).state).toBe(state);
    expect(
      jobAfter(JOBS.staleAfterAccepted, [4000, reconciled("ours", refusal("PIN_VERIFICATION_FAILED"))]).state,
    ).toBe("unresolved");
  });

  it("of an older intent proves no absence, but its print counts", () => {
    const again = { ...INTENT, expiresAt: timeAfter(80), requests: 2 };
    const job = jobAfter(JOBS.sent, [40, { kind: "intent", intent: again }]);
    expect(nextPrintJob(job, reconciled("not-taken", INTENT.previous as Production), moment(50))).toBe(job);
    expect(nextPrintJob(job, reconciled("unknown", production("UNRECOGNIZED", 1)), moment(50))).toBe(job);
    expect(nextPrintJob(job, INPUTS.failedRead, moment(50))).toBe(job);
    expect(jobAfter(job, [50, reconciled("ours", production("IN_PROGRESS", 3))]).state).toBe("accepted");
  });

  it("keeps the error of the job's call if the job is not-sent or unresolved, and drops it if it is accepted", () => {
    const error = { code: "ERR_TIMEOUT", httpStatus: null, errorCode: null };
    const job = jobAfter(JOBS.sent, [38, { kind: "rejection", error, mayHaveTakenEffect: true }]);
    expect(jobAfter(job, [60, INPUTS.notTaken]).error).toEqual(error);
    expect(jobAfter(job, [60, INPUTS.unknown]).error).toEqual(error);
    expect(jobAfter(job, [60, reconciled("ours", production("IN_PROGRESS", 3))]).error).toBeNull();
  });
});

describe("A rejection for certain", () => {
  const rejected: PrintJobInput = {
    kind: "rejection",
    error: { code: "ERR_PERMISSION", httpStatus: 403, errorCode: null },
    mayHaveTakenEffect: false,
  };

  it("closes a job for good, also one that was unresolved meanwhile", () => {
    for (const job of [JOBS.sent, JOBS.unresolved]) {
      const closed = jobAfter(job, [60, rejected]);
      expect(closed).toMatchObject({ state: "not-sent", evidence: "response" });
      expect(afterEvent(closed, production("PRODUCED", 3)).state).toBe("not-sent");
    }
  });

  it("does not close a job that the kiosk had taken", () => {
    expect(jobAfter(JOBS.accepted, [60, rejected])).toBe(JOBS.accepted);
    expect(jobAfter(JOBS.staleAfterAccepted, [4000, rejected])).toBe(JOBS.staleAfterAccepted);
  });
});

describe("The history of a job", () => {
  it("holds changes of the state, with the oldest ones and the latest ones if there are more than 50", () => {
    let job: PrintJob = JOBS.accepted;
    for (let round = 1; round <= 40; round += 1) {
      job = jobAfter(job, [round * 8000, { kind: "read", production: production("READY", -3600) }]);
      job = jobAfter(job, [round * 8000 + 100, { kind: "event", production: production("IN_PROGRESS", round * 8000) }]);
    }
    expect(job.history).toHaveLength(50);
    expect(job.history.slice(0, 2)).toEqual(JOBS.accepted.history);
    expect(job.history.at(-1)).toMatchObject({ state: "accepted", at: timeAfter(320_100) });
  });

  it("holds notes of at most 500 characters, and no half of a surrogate pair", () => {
    const reason = `${"x".repeat(499)}\u{1F5A8}`;
    const word = { kind: "person", outcome: "failed", by: "anna", reason } as const;
    expect(jobAfter(JOBS.unresolved, [60, word]).history.at(-1)?.note).toBe("x".repeat(499));
  });
});
