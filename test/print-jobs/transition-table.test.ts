import { describe, expect, it } from "vitest";
import { isOpenPrintJob, nextPrintJob, type PrintJobInput } from "wise-card-kiosk/print-jobs";
import {
  BEFORE,
  createProduction,
  createRefusedProduction,
  INPUTS,
  INTENT,
  JOBS,
  toDate,
} from "../support/print-job-records.js";

/** When the inputs arrive: after the window of the request, and before the job is overdue. */
const SOON = 120;
const OVERDUE = 400;
const STALE = 4000;

const person = (outcome: "produced" | "failed" | "not-printed"): PrintJobInput => ({
  kind: "person",
  outcome,
  by: "anna",
  reason: "looked",
});
const event = (one: ReturnType<typeof createProduction>): PrintJobInput => ({ kind: "event", production: one });

/** The columns of the table, each with the time of its input. */
const COLUMNS = {
  "200": [SOON, { kind: "response", production: createProduction("IN_PROGRESS", 4) }],
  "created, not started": [
    SOON,
    { kind: "response", production: createRefusedProduction("REQUEST_CREATED_BUT_NOT_STARTED") },
  ],
  "422 ALREADY_EXISTS": [SOON, { kind: "response", production: createRefusedProduction("REQUEST_ALREADY_EXISTS") }],
  "other 422": [SOON, { kind: "response", production: createRefusedProduction("INVALID_PIN_FORMAT") }],
  "IN_PROGRESS news": [SOON, event(createProduction("IN_PROGRESS", 4))],
  "PRODUCED news": [SOON, event(createProduction("PRODUCED", 4))],
  "PRODUCTION_ERROR news": [SOON, event(createProduction("PRODUCTION_ERROR", 4))],
  "PRODUCED of the same time": [SOON, event(createProduction("PRODUCED", 2))],
  "older event": [SOON, event(createProduction("PRODUCTION_ERROR", -4000))],
  "PRODUCED elsewhere": [SOON, event(createProduction("PRODUCED", 4, { kioskId: "WIS00002" }))],
  "not taken": [SOON, { kind: "reconciled", intent: INTENT, outcome: "not-taken", production: BEFORE }],
  unknown: [
    SOON,
    {
      kind: "reconciled",
      intent: INTENT,
      outcome: "unknown",
      production: createProduction("PRODUCED", 4, { kioskId: "WIS00002" }),
    },
  ],
  claim: [SOON, { kind: "claim", forMs: 9000 }],
  "read READY": [SOON, { kind: "read", production: BEFORE }],
  "read READY when stale": [STALE, { kind: "read", production: BEFORE }],
  "failed read": [SOON, INPUTS.failedRead],
  "failed read when stale": [STALE, INPUTS.failedRead],
  lapse: [SOON, { kind: "lapse" }],
  "person: produced": [SOON, person("produced")],
  "person: failed": [SOON, person("failed")],
  "person: not printed": [SOON, person("not-printed")],
  "person when overdue": [OVERDUE, person("not-printed")],
} as const satisfies Record<string, readonly [number, PrintJobInput]>;

type Column = keyof typeof COLUMNS;

/** The state of each job after each input. An input that is missing here leaves the state unchanged. */
const TABLE: Record<keyof typeof JOBS, Partial<Record<Column, string>>> = {
  requested: { "200": "accepted", "created, not started": "accepted", "other 422": "refused", lapse: "not-sent" },
  sent: {
    "200": "accepted",
    "created, not started": "accepted",
    "other 422": "refused",
    "IN_PROGRESS news": "accepted",
    "PRODUCED news": "produced",
    "PRODUCTION_ERROR news": "failed",
    "PRODUCED of the same time": "produced",
    "not taken": "not-sent",
    unknown: "unresolved",
    "failed read": "unresolved",
    "failed read when stale": "unresolved",
    "person: produced": "produced",
    "person: failed": "failed",
    "person: not printed": "not-sent",
    "person when overdue": "not-sent",
  },
  refusedInDoubt: {
    "200": "accepted",
    "created, not started": "accepted",
    "other 422": "refused",
    "IN_PROGRESS news": "accepted",
    "PRODUCED news": "produced",
    "PRODUCTION_ERROR news": "failed",
    "PRODUCED of the same time": "produced",
    "not taken": "refused",
    unknown: "unresolved",
    "failed read": "unresolved",
    "failed read when stale": "unresolved",
    "person: produced": "produced",
    "person: failed": "failed",
    "person: not printed": "not-sent",
    "person when overdue": "not-sent",
  },
  unresolved: {
    "200": "accepted",
    "created, not started": "accepted",
    "IN_PROGRESS news": "accepted",
    "PRODUCED news": "produced",
    "PRODUCTION_ERROR news": "failed",
    "PRODUCED of the same time": "produced",
    "not taken": "not-sent",
    "person: produced": "produced",
    "person: failed": "failed",
    "person: not printed": "not-sent",
    "person when overdue": "not-sent",
  },
  staleAfterAccepted: {
    "200": "accepted",
    "created, not started": "accepted",
    "IN_PROGRESS news": "accepted",
    "PRODUCED news": "produced",
    "PRODUCTION_ERROR news": "failed",
    "PRODUCED of the same time": "produced",
    "person: produced": "produced",
    "person: failed": "failed",
    "person: not printed": "not-sent",
    "person when overdue": "not-sent",
  },
  accepted: {
    "PRODUCED news": "produced",
    "PRODUCTION_ERROR news": "failed",
    "PRODUCED of the same time": "produced",
    "PRODUCED elsewhere": "unresolved",
    unknown: "unresolved",
    "read READY when stale": "unresolved",
    "failed read when stale": "unresolved",
    "person when overdue": "not-sent",
  },
  createdNotStarted: {
    "PRODUCED news": "produced",
    "PRODUCTION_ERROR news": "failed",
    "PRODUCED of the same time": "produced",
    "PRODUCED elsewhere": "unresolved",
    unknown: "unresolved",
    "read READY when stale": "unresolved",
    "failed read when stale": "unresolved",
    "person when overdue": "not-sent",
  },
  adopted: {
    "PRODUCED news": "produced",
    "PRODUCTION_ERROR news": "failed",
    "PRODUCED of the same time": "produced",
    "PRODUCED elsewhere": "unresolved",
    unknown: "unresolved",
    "read READY when stale": "unresolved",
    "failed read when stale": "unresolved",
    "person when overdue": "not-sent",
  },
  notSentByRead: {
    "200": "accepted",
    "created, not started": "accepted",
    "IN_PROGRESS news": "accepted",
    "PRODUCED news": "produced",
    "PRODUCTION_ERROR news": "failed",
    "PRODUCED of the same time": "produced",
  },
  notSentByPerson: {
    "200": "accepted",
    "created, not started": "accepted",
    "IN_PROGRESS news": "accepted",
    "PRODUCED news": "produced",
    "PRODUCTION_ERROR news": "failed",
    "PRODUCED of the same time": "produced",
  },
  certainlyNotSent: {},
  neverSent: {},
  failed: { "PRODUCED of the same time": "produced" },
  produced: {},
  refused: {},
};

/** The jobs, as titles describe them. */
const DESCRIPTIONS: Record<keyof typeof JOBS, string> = {
  requested: "requested without an intent",
  sent: "requested with an intent",
  refusedInDoubt: "requested and refused with REQUEST_ALREADY_EXISTS",
  unresolved: "unresolved",
  staleAfterAccepted: "unresolved and was accepted before",
  accepted: "accepted",
  createdNotStarted: "accepted and not started",
  adopted: "accepted and follows another print",
  notSentByRead: "not-sent by a read",
  notSentByPerson: "not-sent by a person",
  certainlyNotSent: "not-sent for certain",
  neverSent: "not-sent without an intent",
  failed: "failed",
  produced: "produced",
  refused: "refused",
};

const CELLS = (Object.keys(TABLE) as (keyof typeof JOBS)[]).flatMap((name) =>
  (Object.keys(COLUMNS) as Column[]).map((column) => {
    const job = JOBS[name];
    const state = TABLE[name][column] ?? job.state;
    const what = state === job.state ? `stays ${state}` : `becomes ${state}`;
    return [DESCRIPTIONS[name], what, column, job, state] as const;
  }),
);

describe("nextPrintJob", () => {
  it.each(CELLS)("decides that a job that is %s %s by: %s", (_description, _what, column, job, state) => {
    const [seconds, input] = COLUMNS[column];
    const next = nextPrintJob(job, input, toDate(seconds));
    expect(next.state).toBe(state);
    expect(next.version).toBe(next === job ? job.version : job.version + 1);
    expect(next.dueAt === null).toBe(!isOpenPrintJob(next));
    const entries = next.history.slice(job.history.length).map((entry) => [entry.at, entry.state]);
    expect(entries).toEqual(next.state === job.state ? [] : [[toDate(seconds).toISOString(), state]]);
  });

  it("leaves every job of a newer format unchanged, whatever the input", () => {
    for (const job of Object.values(JOBS)) {
      const newer = { ...job, format: 2 } as unknown as typeof job;
      for (const [seconds, input] of Object.values(COLUMNS)) {
        expect(nextPrintJob(newer, input, toDate(seconds))).toBe(newer);
      }
    }
  });

  it("keeps fields that it does not know through every change", () => {
    for (const job of Object.values(JOBS)) {
      const rich = { ...job, branch: { id: 7 } };
      for (const [seconds, input] of Object.values(COLUMNS)) {
        expect(nextPrintJob(rich, input, toDate(seconds))).toHaveProperty("branch", { id: 7 });
      }
    }
  });
});
