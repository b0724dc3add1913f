import { describe, expect, it } from "vitest";
import { nextPrintJob, type PrintJob, type PrintJobInput, type Production } from "wise-card-kiosk/print-jobs";
import {
  applyInputs,
  createProduction,
  createRefusedProduction,
  INPUTS,
  INTENT,
  JOBS,
  toDate,
  toTimeText,
} from "../support/print-job-records.js";

const afterEvent = (job: PrintJob, one: Production, seconds = 60) =>
  applyInputs(job, [seconds, { kind: "event", production: one }]);
const afterRead = (job: PrintJob, one: Production, seconds = 400) =>
  applyInputs(job, [seconds, { kind: "read", production: one }]);
const cut = (one: Production): Production => ({ ...one, occurredAt: one.occurredAt?.replace(/\.\d+/, "") ?? null });
const elsewhere = { kioskId: "WIS00002" };

/** A job whose card had failed before. */
const afterFailure = (seconds: number | null): PrintJob => {
  const intent = { ...INTENT, previous: createProduction("PRODUCTION_ERROR", seconds, { errorCode: "PRT_RIBBON" }) };
  return { ...JOBS.sent, intent };
};

describe("an event", () => {
  it.each<[string, PrintJob, Production, string]>([
    ["is ours at the time of the request", JOBS.sent, createProduction("PRODUCED", 2), "produced"],
    ["is older a minute and a second before the request", JOBS.sent, createProduction("PRODUCED", -62), "requested"],
    ["is not ours at another kiosk", JOBS.sent, createProduction("PRODUCED", 4, elsewhere), "requested"],
    ["is ours without a kiosk", JOBS.sent, createProduction("PRODUCED", 4, { kioskId: null }), "produced"],
    [
      "is older if it is the state from before",
      afterFailure(-5),
      createProduction("PRODUCTION_ERROR", -5),
      "requested",
    ],
    [
      "is older if it comes before the state from before",
      afterFailure(-5),
      createProduction("IN_PROGRESS", -5),
      "requested",
    ],
    ["is older if it ties with the print from before", afterFailure(-5), createProduction("PRODUCED", -5), "requested"],
    ["is ours if it comes after the print from before", afterFailure(-5), createProduction("PRODUCED", 2), "produced"],
    ["is older if it ties in whole seconds", afterFailure(1.6), cut(createProduction("PRODUCED", 1.9)), "requested"],
    ["is ours in the next whole second", afterFailure(1.6), cut(createProduction("PRODUCED", 2.3)), "produced"],
    [
      "is not distinguished from an earlier failure if neither has a time",
      afterFailure(null),
      createProduction("PRODUCTION_ERROR", null),
      "requested",
    ],
  ])("%s", (_what, job, event, state) => {
    expect(afterEvent(job, event).state).toBe(state);
  });

  it.each(["READY", "REQUEST_ERROR"] as const)("is ours if it ties with %s, which is not a print", (status) => {
    const intent = { ...INTENT, previous: createProduction(status, 2.1) };
    expect(afterEvent({ ...JOBS.sent, intent }, cut(createProduction("IN_PROGRESS", 2.4))).state).toBe("accepted");
  });

  it("is kept as known if it is the newest, even if another print caused it", () => {
    const older = afterEvent(JOBS.sent, createProduction("PRODUCTION_ERROR", -100));
    expect(older).toMatchObject({ state: "requested", known: { status: "PRODUCTION_ERROR" } });
    expect(older.updatedAt).toBe(JOBS.sent.updatedAt);
    expect(afterEvent(older, createProduction("IN_PROGRESS", -200))).toBe(older);
    expect(afterEvent(JOBS.failed, createProduction("PRODUCED", 500))).toMatchObject({
      state: "failed",
      known: { status: "PRODUCED" },
    });
  });

  it("with the error code of a failure is kept as known, and one without it does not replace it", () => {
    const code = createProduction("PRODUCTION_ERROR", 2);
    const bare = { ...code, errorCode: null, kioskId: null } as Production;
    const failed = afterEvent(afterEvent(JOBS.accepted, bare, 30), code);
    expect(failed).toMatchObject({ state: "failed", production: bare, known: code });
    expect(afterEvent(failed, bare)).toBe(failed);
  });

  it("makes open jobs due if its time cannot be ordered, except requested ones", () => {
    for (const [name, job] of Object.entries(JOBS)) {
      const next = afterEvent(job, createProduction("PRODUCED", null));
      const isMadeDue = job.state === "accepted" || job.state === "unresolved";
      expect([name, next]).toEqual([
        name,
        isMadeDue ? { ...job, dueAt: toTimeText(60), version: job.version + 1 } : job,
      ]);
    }
  });
});

describe("an accepted job", () => {
  it("accepts only states that are newer than what it knows", () => {
    const later = afterEvent(JOBS.accepted, createProduction("IN_PROGRESS", 30));
    expect(later).toMatchObject({
      state: "accepted",
      production: { occurredAt: toTimeText(30) },
      dueAt: toTimeText(360),
    });
    expect(later.history).toBe(JOBS.accepted.history);
    expect(afterEvent(later, createProduction("PRODUCTION_ERROR", 2)).state).toBe("accepted");
    expect(afterEvent(later, createProduction("PRODUCTION_ERROR", 30)).state).toBe("failed");
  });

  it("does not change if the same state is written differently", () => {
    const same = { ...createProduction("IN_PROGRESS", 2), kioskId: "wis00001", description: "Card in production" };
    expect(afterEvent(JOBS.accepted, same)).toBe(JOBS.accepted);
    expect(afterEvent(JOBS.accepted, cut(same))).toBe(JOBS.accepted);
    expect(afterEvent(JOBS.accepted, { ...same, kioskId: null })).toBe(JOBS.accepted);
  });

  it.each([
    ["READY", createProduction("READY", -3600)],
    ["a failure from before", createProduction("PRODUCTION_ERROR", -100)],
    ["IN_PROGRESS elsewhere", createProduction("IN_PROGRESS", 30, elsewhere)],
    ["a failure elsewhere", createProduction("PRODUCTION_ERROR", 30, elsewhere)],
    ["an unknown status", createProduction("UNRECOGNIZED", 30)],
    ["a refusal", createRefusedProduction("REQUEST_ALREADY_EXISTS")],
  ])("stays accepted if it reads %s, and is read again after another five minutes", (_what, read) => {
    expect(afterRead(JOBS.accepted, read)).toMatchObject({ state: "accepted", dueAt: toTimeText(700) });
  });

  it("is read for the last time when it is stale", () => {
    expect(afterRead(JOBS.accepted, createProduction("READY", -3600), 3500).dueAt).toBe(toTimeText(3603));
    expect(afterRead(JOBS.accepted, createProduction("READY", -3600), 3602)).toMatchObject({ state: "accepted" });
    expect(afterRead(JOBS.accepted, createProduction("READY", -3600), 3603)).toMatchObject({ state: "unresolved" });
  });

  it("ignores a failure without a time if the card had failed without a time before", () => {
    const job = applyInputs(afterFailure(null), [3, INPUTS.accepted]);
    expect(afterRead(job, createProduction("PRODUCTION_ERROR", null)).state).toBe("accepted");
    expect(afterRead(job, createProduction("PRODUCED", null)).state).toBe("produced");
  });

  it("accepts any later state if its request was created but not started, whatever the time of the state", () => {
    expect(afterEvent(JOBS.createdNotStarted, createProduction("IN_PROGRESS", 1))).toMatchObject({
      production: { status: "IN_PROGRESS" },
    });
    expect(afterEvent(JOBS.createdNotStarted, createProduction("PRODUCTION_ERROR", 1)).state).toBe("failed");
  });
});

describe("the own print of an accepted job", () => {
  // The clock of the process was set forward by more than a minute between the last response and the request.
  const setForward = { ...INTENT, requestedAt: toTimeText(100) };
  const job = { ...JOBS.accepted, intent: setForward };

  it("is recognised by the time in the response, whatever the clocks say", () => {
    const end = createProduction("PRODUCED", 2);
    expect(JOBS.accepted.production?.occurredAt).toBe(end.occurredAt);
    expect(afterEvent(job, end).state).toBe("produced");
    expect(afterRead(afterRead(job, createProduction("READY", -3600), 4000), end, 4100).state).toBe("produced");
  });

  it("is not any other print of the card that began before the request", () => {
    expect(afterEvent(job, createProduction("PRODUCED", 1)).state).toBe("accepted");
    expect(afterEvent(job, createProduction("PRODUCED", 2, elsewhere)).state).not.toBe("produced");
    const tied = { ...job, intent: { ...setForward, previous: createProduction("PRODUCTION_ERROR", 2) } };
    expect(afterEvent(tied, createProduction("PRODUCED", 2)).state).toBe("accepted");
    expect(afterRead(tied, createProduction("PRODUCED", 2)).state).toBe("accepted");
  });
});

describe("a job that was accepted and is no longer", () => {
  const later = afterEvent(JOBS.accepted, createProduction("IN_PROGRESS", 30));
  const stale = afterRead(later, createProduction("READY", -3600), 4000);
  const word = { kind: "person", outcome: "not-printed", by: "anna", reason: "looked" } as const;
  const givenUp = applyInputs(stale, [4100, word]);

  it.each([
    ["the same state", createProduction("IN_PROGRESS", 30)],
    ["an earlier state", createProduction("IN_PROGRESS", 2)],
    ["an earlier end", createProduction("PRODUCTION_ERROR", 2)],
  ])("does not become accepted again by %s of its print", (_what, known) => {
    expect([stale.state, givenUp.state]).toEqual(["unresolved", "not-sent"]);
    expect(afterEvent(stale, known, 4200)).toBe(stale);
    expect(afterEvent(givenUp, known, 4200)).toBe(givenUp);
    expect(afterRead(stale, known, 4200).state).toBe("unresolved");
  });

  it("ends by a later state of its print", () => {
    for (const job of [stale, givenUp]) {
      expect(afterEvent(job, createProduction("PRODUCTION_ERROR", 30), 4200).state).toBe("failed");
      expect(afterEvent(job, createProduction("PRODUCED", 30), 4200).state).toBe("produced");
    }
  });

  it("ends by its own print even if it is unresolved because another kiosk has produced the card", () => {
    const job = afterEvent(JOBS.accepted, createProduction("PRODUCED", 40, elsewhere));
    expect(job.state).toBe("unresolved");
    expect(afterEvent(job, createProduction("PRODUCTION_ERROR", 2)).state).toBe("failed");
  });
});

describe("a job that follows another print", () => {
  it("ends as that print ends", () => {
    expect(afterEvent(JOBS.adopted, createProduction("PRODUCED", -10))).toMatchObject({
      state: "produced",
      adopted: true,
    });
    expect(afterEvent(JOBS.adopted, createProduction("PRODUCTION_ERROR", -10))).toMatchObject({ state: "failed" });
    expect(afterEvent(JOBS.adopted, createProduction("PRODUCTION_ERROR", -11))).toMatchObject({ state: "accepted" });
  });

  it("ends even if that print has no time", () => {
    const job = applyInputs(JOBS.requested, [
      1,
      { kind: "first-read", production: createProduction("IN_PROGRESS", null) },
    ]);
    expect(afterRead(job, createProduction("PRODUCED", null)).state).toBe("produced");
    expect(afterRead(job, createProduction("PRODUCTION_ERROR", null)).state).toBe("accepted");
  });

  it("is not-sent once it is unresolved and a read shows that nothing is printed", () => {
    const unresolved = afterRead(JOBS.adopted, createProduction("READY", -3600), 4000);
    expect(unresolved.state).toBe("unresolved");
    expect(afterRead(unresolved, createProduction("READY", -3600), 4100)).toMatchObject({
      state: "not-sent",
      evidence: "read",
    });
    expect(afterRead(unresolved, createProduction("PRODUCTION_ERROR", -100), 4100)).toMatchObject({
      state: "not-sent",
    });
    expect(afterRead(unresolved, createProduction("PRODUCED", -10), 4100)).toMatchObject({ state: "produced" });
    expect(afterRead(unresolved, createProduction("IN_PROGRESS", -10), 4100)).toMatchObject({
      state: "unresolved",
      dueAt: toTimeText(4220),
    });
  });
});

describe("a reconciled intent", () => {
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
  ] as const)("decides that a job whose print is %s is %s", (status, state) => {
    for (const job of [JOBS.sent, JOBS.unresolved, JOBS.refusedInDoubt, JOBS.notSentByRead]) {
      expect(applyInputs(job, [60, reconciled("ours", createProduction(status, 3))])).toMatchObject({
        state,
        evidence: "read",
      });
    }
  });

  it.each([
    ["REQUEST_CREATED_BUT_NOT_STARTED", "accepted"],
    ["REQUEST_ALREADY_EXISTS", "unresolved"],
    ["PIN_VERIFICATION_FAILED", "refused"],
  ])("decides that a job with the refusal %s is %s", (errorCode, state) => {
    for (const job of [JOBS.sent, JOBS.unresolved]) {
      expect(applyInputs(job, [60, reconciled("ours", createRefusedProduction(errorCode))]).state).toBe(state);
    }
    expect(
      applyInputs(JOBS.staleAfterAccepted, [
        4000,
        reconciled("ours", createRefusedProduction("PIN_VERIFICATION_FAILED")),
      ]).state,
    ).toBe("unresolved");
    const given = applyInputs(JOBS.notSentByRead, [
      60,
      reconciled("ours", createRefusedProduction("PAN_ALREADY_EXISTS")),
    ]);
    expect(given.state).toBe("not-sent");
  });

  it("proves nothing if it is older than the latest intent, unless it shows a print", () => {
    const again = { ...INTENT, expiresAt: toTimeText(80), requests: 2 };
    const job = applyInputs(JOBS.sent, [40, { kind: "intent", intent: again }]);
    expect(nextPrintJob(job, reconciled("not-taken", INTENT.previous as Production), toDate(50))).toBe(job);
    expect(nextPrintJob(job, reconciled("unknown", createProduction("UNRECOGNIZED", 1)), toDate(50))).toBe(job);
    expect(nextPrintJob(job, INPUTS.failedRead, toDate(50))).toBe(job);
    expect(applyInputs(job, [50, reconciled("ours", createProduction("IN_PROGRESS", 3))]).state).toBe("accepted");
  });

  it("keeps the error of the job's call if the job becomes not-sent or unresolved, and drops it if it becomes accepted", () => {
    const error = { code: "ERR_TIMEOUT", httpStatus: null, errorCode: null };
    const job = applyInputs(JOBS.sent, [38, { kind: "rejection", error, mayHaveTakenEffect: true }]);
    expect(applyInputs(job, [60, INPUTS.notTaken]).error).toEqual(error);
    expect(applyInputs(job, [60, INPUTS.unknown]).error).toEqual(error);
    expect(applyInputs(job, [60, reconciled("ours", createProduction("IN_PROGRESS", 3))]).error).toBeNull();
  });
});

describe("a certain rejection", () => {
  const rejected: PrintJobInput = {
    kind: "rejection",
    error: { code: "ERR_PERMISSION", httpStatus: 403, errorCode: null },
    mayHaveTakenEffect: false,
  };

  it("closes a job for good, even one that became unresolved meanwhile", () => {
    for (const job of [JOBS.sent, JOBS.unresolved]) {
      const closed = applyInputs(job, [60, rejected]);
      expect(closed).toMatchObject({ state: "not-sent", evidence: "response" });
      expect(afterEvent(closed, createProduction("PRODUCED", 3)).state).toBe("not-sent");
    }
  });

  it("does not close a job that the kiosk had taken", () => {
    expect(applyInputs(JOBS.accepted, [60, rejected])).toBe(JOBS.accepted);
    expect(applyInputs(JOBS.staleAfterAccepted, [4000, rejected])).toBe(JOBS.staleAfterAccepted);
  });
});

describe("the history of a job", () => {
  it("contains changes of the state: the oldest and the latest ones if there are more than 50", () => {
    let job: PrintJob = JOBS.accepted;
    for (let round = 1; round <= 40; round += 1) {
      job = applyInputs(job, [round * 8000, { kind: "read", production: createProduction("READY", -3600) }]);
      job = applyInputs(job, [
        round * 8000 + 100,
        { kind: "event", production: createProduction("IN_PROGRESS", round * 8000) },
      ]);
    }
    expect(job.history).toHaveLength(50);
    expect(job.history.slice(0, 2)).toEqual(JOBS.accepted.history);
    expect(job.history.at(-1)).toMatchObject({ state: "accepted", at: toTimeText(320_100) });
  });

  it("contains notes of at most 500 characters, and no lone surrogate", () => {
    const reason = `${"x".repeat(499)}\u{1F5A8}`;
    const word = { kind: "person", outcome: "failed", by: "anna", reason } as const;
    expect(applyInputs(JOBS.unresolved, [60, word]).history.at(-1)?.note).toBe("x".repeat(499));
  });
});
