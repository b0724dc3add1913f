import { describe, expect, it } from "vitest";
import { nextPrintJob, type PrintJob, type PrintJobInput, type Production } from "wise-card-kiosk/print-jobs";
import { mayStandForPrint } from "../../src/print-jobs/rules/after-call.js";
import { findStateBefore } from "../../src/print-jobs/rules/before-request.js";
import { isCorrectable, isOfPrint, isWithoutPrint } from "../../src/print-jobs/rules/correction.js";
import {
  applyInputs,
  BEFORE,
  createProduction,
  createRefusedProduction,
  INPUTS,
  INTENT,
  JOBS,
  REQUESTED_JOB,
  toDate,
  toTimeText,
} from "../support/print-job-records.js";

const elsewhere = { kioskId: "WIS00002" };
const ERROR = { code: "ERR_TIMEOUT", httpStatus: null, errorCode: null };

const event = (production: Production): PrintJobInput => ({ kind: "event", production });
const read = (production: Production): PrintJobInput => ({ kind: "read", production });
const response = (production: Production): PrintJobInput => ({ kind: "response", production });
const ours = (production: Production): PrintJobInput => ({
  kind: "reconciled",
  intent: INTENT,
  outcome: "ours",
  production,
});
const failedRead = (code: string | null): PrintJobInput => ({
  kind: "failed-read",
  intent: INTENT,
  error: { ...ERROR, code },
});
const firstRead = (production: Production): PrintJobInput => ({ kind: "first-read", production });
const blocked = (production: Production): PrintJobInput => ({ kind: "blocked-news", production });

const CREATED = createRefusedProduction("REQUEST_CREATED_BUT_NOT_STARTED");
const EXISTS = createRefusedProduction("REQUEST_ALREADY_EXISTS");
const WRONG_PIN = createRefusedProduction("PIN_VERIFICATION_FAILED");

/** Further jobs, in states that only some inputs distinguish. */
const MORE_JOBS = {
  closedByFirstRead: applyInputs(REQUESTED_JOB, [1, firstRead(createProduction("PRODUCED", -9))]),
  producedByPerson: applyInputs(JOBS.unresolved, [60, { ...INPUTS.notPrinted, outcome: "produced" }]),
  /** It follows a print that has no time. */
  timeless: applyInputs(REQUESTED_JOB, [1, firstRead(createProduction("IN_PROGRESS", null))]),
  staleAdopted: applyInputs(JOBS.adopted, [4000, read(BEFORE)]),
  givenUpAfterAccepted: applyInputs(JOBS.staleAfterAccepted, [3800, INPUTS.notPrinted]),
};
const timelessAndStale = applyInputs(MORE_JOBS.timeless, [4000, read(BEFORE)]);

const all: readonly PrintJob[] = [...Object.values(JOBS), ...Object.values(MORE_JOBS)];

/** The states of the jobs that are not among the given ones. */
const except = (...states: readonly PrintJob["state"][]) => all.filter(({ state }) => !states.includes(state));

describe("a job is the same object", () => {
  it.each<[string, readonly PrintJob[], number, PrintJobInput]>([
    ["after a late REQUEST_ALREADY_EXISTS", except("requested"), 60, response(EXISTS)],
    [
      "after a certain rejection if it is accepted or closed",
      except("requested", "unresolved"),
      60,
      { kind: "rejection", error: ERROR, mayHaveTakenEffect: false },
    ],
    [
      "if earlier jobs become known after it has an intent or is no longer requested",
      all.filter((job) => job !== JOBS.requested),
      60,
      { kind: "earlier-jobs", jobs: [JOBS.produced] },
    ],
    [
      "after a first read that comes after it has an intent or is no longer requested",
      all.filter((job) => job !== JOBS.requested),
      60,
      firstRead(createProduction("PRODUCED", 3)),
    ],
    ["after a lapse if it is no longer requested", except("requested"), 99_999, { kind: "lapse" }],
    [
      "after a late 200 if it is closed and cannot be corrected",
      except("requested", "accepted", "unresolved").filter((job) => !isCorrectable(job)),
      90,
      response(createProduction("IN_PROGRESS", 4)),
    ],
    [
      "if it has failed and an event shows how its print began",
      [JOBS.failed],
      90,
      event(createProduction("IN_PROGRESS", 2)),
    ],
    ["after a late 200 that says what is known", [JOBS.accepted], 90, INPUTS.accepted],
    ["if its request was created and it is accepted", [JOBS.accepted, JOBS.createdNotStarted], 90, response(CREATED)],
    [
      "if it is requested and a read without an intent failed",
      [JOBS.requested, JOBS.sent],
      90,
      { ...INPUTS.failedRead, intent: null },
    ],
    [
      "if it is requested or unresolved and an earlier intent was not taken",
      [JOBS.sent, JOBS.unresolved],
      90,
      { ...INPUTS.notTaken, intent: { ...INTENT, expiresAt: toTimeText(36) } },
    ],
    [
      "if it is not-sent and its intent is reconciled without a result",
      [JOBS.notSentByRead, JOBS.certainlyNotSent],
      90,
      { ...INPUTS.unknown, production: createProduction("PRODUCED", 4, elsewhere) },
    ],
    ["if it is not-sent and its refusal is read", [JOBS.notSentByRead], 90, ours(WRONG_PIN)],
    [
      "if it is not-sent and its known print is read once more",
      [MORE_JOBS.givenUpAfterAccepted],
      3900,
      ours(createProduction("IN_PROGRESS", 2)),
    ],
    [
      "after blocked news if it cannot be corrected",
      all.filter((job) => !isCorrectable(job)),
      90,
      blocked(createProduction("PRODUCED", 4)),
    ],
  ])("%s", (_when, jobs, seconds, input) => {
    for (const job of jobs) expect(nextPrintJob(job, input, toDate(seconds))).toBe(job);
  });
});

describe("a job without an intent", () => {
  it("has no print of its own, whatever an event shows", () => {
    const production = createProduction("PRODUCED", 400);
    for (const job of [JOBS.requested, MORE_JOBS.closedByFirstRead]) {
      expect(applyInputs(job, [401, event(production)]).state).toBe(job.state);
    }
    expect(applyInputs(JOBS.requested, [401, event(production)])).toEqual({
      ...JOBS.requested,
      known: production,
      version: 2,
    });
  });

  it.each([
    [-300.001, "PRODUCTION_ERROR", "accepted", "not-sent"],
    [-300, "PRODUCTION_ERROR", "failed", "unresolved"],
    [299.999, "PRODUCED", "produced", "unresolved"],
    [300, "PRODUCED", "produced", "produced"],
  ] as const)(
    "follows a print without a time within five minutes of its own creation: at %d s %s",
    (seconds, status, whileAccepted, whileUnresolved) => {
      const production = createProduction(status, seconds);
      expect(applyInputs(MORE_JOBS.timeless, [500, read(production)]).state).toBe(whileAccepted);
      expect(applyInputs(timelessAndStale, [4100, read(production)]).state).toBe(whileUnresolved);
    },
  );

  it.each([
    ["PRODUCTION_ERROR", -70.001, "not-sent"],
    ["PRODUCTION_ERROR", -70, "unresolved"],
    ["IN_PROGRESS", -70.001, "unresolved"],
    ["UNRECOGNIZED", -70.001, "unresolved"],
  ] as const)(
    "is closed only if the print that it followed is gone, once it is unresolved: %s at %d s",
    (status, seconds, state) => {
      expect(applyInputs(MORE_JOBS.staleAdopted, [4100, read(createProduction(status, seconds))]).state).toBe(state);
    },
  );

  it.each<[string, Production, Production | null, Production, string]>([
    ["PRODUCED", createProduction("PRODUCED", -9), null, createProduction("PRODUCED", -9), "is already produced"],
    [
      "an unknown status",
      createProduction("UNRECOGNIZED", -9),
      null,
      createProduction("UNRECOGNIZED", -9),
      "has a status that this version does not know",
    ],
    [
      "an unknown status although PRODUCED was known",
      createProduction("UNRECOGNIZED", -9),
      createProduction("PRODUCED", -5),
      createProduction("PRODUCED", -5),
      "is already produced",
    ],
  ])("is closed by the first read, which shows %s, and has a note of it", (_read, given, known, production, note) => {
    const job = applyInputs({ ...REQUESTED_JOB, known }, [1, firstRead(given)]);
    expect(job).toMatchObject({ state: "not-sent", evidence: "read", production });
    expect(job.history.at(-1)?.note).toBe(`The card ${note}.`);
  });

  it.each([
    [-599, "accepted"],
    [-599.001, "requested"],
    [null, "requested"],
  ])("follows a known print of %d s for ten minutes, even if a read does not show it", (seconds, state) => {
    const known = createProduction("IN_PROGRESS", seconds);
    const timelessRead = { ...BEFORE, occurredAt: null };
    expect(applyInputs({ ...REQUESTED_JOB, known }, [1, firstRead(timelessRead)]).state).toBe(state);
  });

  it("does not send an unknown status as `previous`", () => {
    expect(findStateBefore({ ...REQUESTED_JOB, known: createProduction("UNRECOGNIZED", -5) }, EXISTS)).toBeUndefined();
  });
});

describe("a job with an intent", () => {
  it("stores another intent although the card is known as produced, because the first request may have had an effect", () => {
    const again = { ...INTENT, expiresAt: toTimeText(60), requests: 2 };
    const job = { ...JOBS.sent, known: createProduction("PRODUCED", -100) };
    expect(applyInputs(job, [20, { kind: "intent", intent: again }])).toMatchObject({
      state: "requested",
      intent: again,
    });
  });

  it("has a note in its history if its request was created but not started, and none after another success", () => {
    const job = applyInputs(JOBS.sent, [3, response(CREATED)]);
    expect(job).toMatchObject({ evidence: "response", production: CREATED });
    expect(job.history.at(-1)?.note).toBe("Wise created the request. The print starts when the kiosk is ready.");
    expect(JOBS.accepted.history.at(-1)?.note).toBeNull();
  });

  it("keeps a later success of its call", () => {
    const production = createProduction("IN_PROGRESS", 4);
    expect(applyInputs(JOBS.accepted, [20, response(production)])).toEqual({
      ...JOBS.accepted,
      production,
      known: production,
      updatedAt: toTimeText(20),
      dueAt: toTimeText(320),
      version: JOBS.accepted.version + 1,
    });
  });

  it("is not changed by a read of the failure from before", () => {
    const previous = createProduction("PRODUCTION_ERROR", 1.6);
    expect(applyInputs({ ...JOBS.sent, intent: { ...INTENT, previous } }, [60, read(previous)]).state).toBe(
      "requested",
    );
  });

  it("fails by a failure without a time if the card had not failed before, or by one of an uncertain time", () => {
    const timeless = createProduction("PRODUCTION_ERROR", null);
    expect(applyInputs(JOBS.createdNotStarted, [60, read(timeless)]).state).toBe("failed");
    const intent = { ...INTENT, previous: null };
    const job = { ...JOBS.createdNotStarted, intent };
    expect(applyInputs(job, [60, read(timeless)]).state).toBe("accepted");
    expect(applyInputs(job, [60, read(createProduction("PRODUCTION_ERROR", -30))]).state).toBe("failed");
  });

  it("becomes accepted again by any state of its print if its request was created but not started", () => {
    const stale = applyInputs(JOBS.createdNotStarted, [4000, read(BEFORE)]);
    expect(stale.state).toBe("unresolved");
    expect(applyInputs(stale, [4100, event(createProduction("IN_PROGRESS", 1))]).state).toBe("accepted");
  });

  it.each([
    [null, "The status of the card could not be read."],
    ["ERR_PERMISSION", "The status of the card could not be read: ERR_PERMISSION."],
  ])("is unresolved after a read that failed with the code %s", (code, note) => {
    const job = applyInputs(JOBS.sent, [50, failedRead(code)]);
    expect(job).toMatchObject({ state: "unresolved", evidence: null, error: { code } });
    expect(job.history.at(-1)?.note).toBe(note);
  });

  it.each<[string, PrintJob, PrintJobInput]>([
    ["an unresolved one by a read", JOBS.unresolved, read(BEFORE)],
    ["an unresolved one by a reconciliation", JOBS.unresolved, INPUTS.unknown],
    ["an accepted one by a read", JOBS.accepted, read(BEFORE)],
  ])("drops the error of an earlier read: %s", (_what, job, input) => {
    const failed = applyInputs(job, [60, failedRead("ERR_PERMISSION")]);
    expect(failed.error).toMatchObject({ code: "ERR_PERMISSION" });
    expect(applyInputs(failed, [70, input])).toMatchObject({ state: job.state, error: null });
  });

  it.each<[string, PrintJob, PrintJobInput, object]>([
    ["its refusal", JOBS.sent, ours(WRONG_PIN), { state: "refused", evidence: "read", production: WRONG_PIN }],
    [
      "no effect after REQUEST_ALREADY_EXISTS",
      JOBS.refusedInDoubt,
      INPUTS.notTaken,
      { state: "refused", evidence: "response", production: EXISTS },
    ],
    ["no effect", JOBS.sent, INPUTS.notTaken, { state: "not-sent", evidence: "read", production: BEFORE }],
    [
      "no effect after it was unresolved",
      JOBS.unresolved,
      INPUTS.notTaken,
      { state: "not-sent", evidence: "read", production: BEFORE },
    ],
    [
      "that it was created after it was not-sent",
      JOBS.notSentByRead,
      ours(CREATED),
      { state: "accepted", evidence: "response", production: CREATED },
    ],
  ])("rests on what its reconciliation shows: %s", (_what, job, input, expected) => {
    expect(applyInputs(job, [60, input])).toMatchObject(expected);
  });

  it.each([
    ["its known print", createProduction("IN_PROGRESS", 2)],
    ["an earlier refusal", WRONG_PIN],
  ])("is read again later if it is unresolved and its reconciliation shows %s", (_what, production) => {
    const { updatedAt } = JOBS.staleAfterAccepted;
    const next = applyInputs(JOBS.staleAfterAccepted, [4000, ours(production)]);
    expect(next).toMatchObject({ state: "unresolved", updatedAt, dueAt: toTimeText(4240) });
  });

  it("is closed by a person once its own due time is over, even if the client has a longer window", () => {
    const word: PrintJobInput = { ...INPUTS.notPrinted, reconcileWindowMs: 60_000 };
    expect(applyInputs(JOBS.sent, [46.999, word])).toBe(JOBS.sent);
    expect(applyInputs(JOBS.sent, [47, word])).toMatchObject({ state: "not-sent", evidence: "person" });
  });

  it("is closed by a person once the window of the client is over, if an earlier version did not store its own", () => {
    const word: PrintJobInput = { ...INPUTS.notPrinted, reconcileWindowMs: 60_000 };
    const job = { ...JOBS.sent, reconcileWindowMs: undefined };
    expect(applyInputs(job, [96.999, word])).toBe(job);
    expect(applyInputs(job, [97, word])).toMatchObject({ state: "not-sent", evidence: "person" });
  });

  it.each([
    [createProduction("PRODUCED", 4), `PRODUCED of ${toTimeText(4)}`],
    [createProduction("PRODUCTION_ERROR", null), "PRODUCTION_ERROR"],
  ])("has a single note of news that another open job blocks", (production, what) => {
    const job = applyInputs(JOBS.notSentByRead, [60, blocked(production)], [70, blocked(production)]);
    const note = `This job caused ${what}, but another job of the card is open.`;
    expect(job.history).toEqual([
      ...JOBS.notSentByRead.history,
      { at: toTimeText(60), state: "not-sent", by: null, note },
    ]);
  });

  it("keeps whole characters in a note that is too long", () => {
    const reason = `\u{1F5A8}${"x".repeat(499)}`;
    const job = applyInputs(JOBS.unresolved, [60, { ...INPUTS.notPrinted, reason }]);
    expect(job.history.at(-1)?.note).toBe(`\u{1F5A8}${"x".repeat(498)}`);
  });
});

it("a job can be corrected only if it is not-sent with an intent, by a read or a person", () => {
  const correctable = [JOBS.notSentByRead, JOBS.notSentByPerson, MORE_JOBS.givenUpAfterAccepted];
  expect(all.filter(isCorrectable)).toEqual(correctable);
});

it("a job has certainly no print if it is refused, or not-sent and cannot be corrected", () => {
  const expected = [JOBS.certainlyNotSent, JOBS.neverSent, JOBS.refused, MORE_JOBS.closedByFirstRead];
  expect(all.filter(isWithoutPrint)).toEqual(expected);
});

it("a state is of the print that a job rests on only if it has the same time", () => {
  expect(isOfPrint(createProduction("PRODUCED", 2), JOBS.accepted)).toBe(true);
  expect(isOfPrint(createProduction("PRODUCED", 3), JOBS.accepted)).toBe(false);
  expect(isOfPrint(createProduction("PRODUCED", -10), JOBS.adopted)).toBe(false);
  expect(isOfPrint(createProduction("PRODUCED", 2), JOBS.sent)).toBe(false);
});

it.each([
  [createProduction("IN_PROGRESS", 2), true],
  [createProduction("PRODUCTION_ERROR", 2), true],
  [CREATED, true],
  [EXISTS, true],
  [WRONG_PIN, false],
])("a response may stand for a print unless it is a refusal while no request exists: %j", (production, expected) => {
  expect(mayStandForPrint(production)).toBe(expected);
});
