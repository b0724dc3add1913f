import {
  nextPrintJob,
  type PrintJob,
  type PrintJobInput,
  type Production,
  type ProductionIntent,
} from "wise-card-kiosk/print-jobs";

/** When the job was created. All times of these records are relative to it. */
const CREATION = Date.UTC(2026, 0, 31, 12);

/** Returns the time a number of seconds after the creation of the job. */
export function toDate(seconds: number): Date {
  return new Date(CREATION + seconds * 1000);
}

/** Returns the same time as Wise writes it. */
export function toTimeText(seconds: number): string {
  return toDate(seconds).toISOString();
}

/** Returns a production at the job's kiosk; its request was sent this many seconds after the creation of the job. */
export function createProduction(status: Production["status"], seconds: number | null, given: object = {}): Production {
  const occurredAt = seconds === null ? null : toTimeText(seconds);
  const details = { kioskId: status === "READY" ? null : "WIS00001", occurredAt, description: null };
  const errorCode = status === "PRODUCTION_ERROR" ? "PRD_HOPPER_JAM" : null;
  const rawStatus = status === "UNRECOGNIZED" ? { rawStatus: "CANCELLED" } : {};
  return { status, ...details, errorCode, ...rawStatus, ...given } as Production;
}

/** Returns the response to a request that was not accepted. */
export function createRefusedProduction(errorCode: string): Production {
  return createProduction("REQUEST_ERROR", 2, { errorCode });
}

/** The state of the card from before the job. */
export const BEFORE = createProduction("READY", -3600);

/** The intent of the only request of the job, which left 2 s after its creation. */
export const INTENT: ProductionIntent = {
  profileId: "123456",
  cardToken: "card",
  kioskId: "WIS00001",
  correlationId: "11111111-2222-4333-8444-555555555555",
  previous: BEFORE,
  requestedAt: toTimeText(2),
  sendBy: toTimeText(7),
  expiresAt: toTimeText(37),
  wiseAt: toTimeText(1),
  wiseAtOurs: toTimeText(1),
  requests: 1,
};

/** A job that was just created. */
export const REQUESTED_JOB: PrintJob = {
  format: 1,
  id: "job-1",
  profileId: "123456",
  cardToken: "card",
  kioskId: "WIS00001",
  requestedBy: "clerk-17",
  state: "requested",
  evidence: null,
  adopted: false,
  production: null,
  known: null,
  intent: null,
  error: null,
  createdAt: toTimeText(0),
  updatedAt: toTimeText(0),
  dueAt: toTimeText(120),
  version: 1,
  history: [{ at: toTimeText(0), state: "requested", by: "clerk-17", note: null }],
};

/** Applies inputs to a job, each at its time in seconds after the creation of the job. */
export function applyInputs(job: PrintJob, ...inputs: readonly (readonly [number, PrintJobInput])[]): PrintJob {
  return inputs.reduce((current, [seconds, input]) => nextPrintJob(current, input, toDate(seconds)), job);
}

/** The inputs that lead to the states below, and others that tests need. */
export const INPUTS = {
  intent: { kind: "intent", intent: INTENT },
  accepted: { kind: "response", production: createProduction("IN_PROGRESS", 2) },
  notTaken: { kind: "reconciled", intent: INTENT, outcome: "not-taken", production: BEFORE },
  unknown: { kind: "reconciled", intent: INTENT, outcome: "unknown", production: createProduction("UNRECOGNIZED", 3) },
  failedRead: {
    kind: "failed-read",
    intent: INTENT,
    error: { code: "ERR_PERMISSION", httpStatus: 403, errorCode: null },
  },
  produced: { kind: "event", production: createProduction("PRODUCED", 2) },
  failed: { kind: "event", production: createProduction("PRODUCTION_ERROR", 2) },
  notPrinted: { kind: "person", outcome: "not-printed", by: "anna", reason: "hopper checked" },
} as const satisfies Record<string, PrintJobInput>;

const SENT_JOB = applyInputs(REQUESTED_JOB, [2, INPUTS.intent]);
const ACCEPTED_JOB = applyInputs(SENT_JOB, [3, INPUTS.accepted]);
const UNRESOLVED_JOB = applyInputs(SENT_JOB, [50, INPUTS.unknown]);

/** A job in each state that the rules distinguish. */
export const JOBS = {
  requested: REQUESTED_JOB,
  sent: SENT_JOB,
  refusedInDoubt: applyInputs(SENT_JOB, [
    3,
    { kind: "response", production: createRefusedProduction("REQUEST_ALREADY_EXISTS") },
  ]),
  unresolved: UNRESOLVED_JOB,
  staleAfterAccepted: applyInputs(ACCEPTED_JOB, [3700, { kind: "read", production: createProduction("READY", -3600) }]),
  accepted: ACCEPTED_JOB,
  createdNotStarted: applyInputs(SENT_JOB, [
    3,
    { kind: "response", production: createRefusedProduction("REQUEST_CREATED_BUT_NOT_STARTED") },
  ]),
  adopted: applyInputs(REQUESTED_JOB, [1, { kind: "first-read", production: createProduction("IN_PROGRESS", -10) }]),
  notSentByRead: applyInputs(SENT_JOB, [50, INPUTS.notTaken]),
  notSentByPerson: applyInputs(UNRESOLVED_JOB, [60, INPUTS.notPrinted]),
  certainlyNotSent: applyInputs(SENT_JOB, [
    3,
    {
      kind: "rejection",
      error: { code: "ERR_PERMISSION", httpStatus: 403, errorCode: null },
      mayHaveTakenEffect: false,
    },
  ]),
  neverSent: applyInputs(REQUESTED_JOB, [121, { kind: "lapse" }]),
  failed: applyInputs(ACCEPTED_JOB, [30, INPUTS.failed]),
  produced: applyInputs(ACCEPTED_JOB, [30, INPUTS.produced]),
  refused: applyInputs(SENT_JOB, [3, { kind: "response", production: createRefusedProduction("KIOSK_ID_NOT_FOUND") }]),
} as const satisfies Record<string, PrintJob>;
