import {
  nextPrintJob,
  type PrintJob,
  type PrintJobInput,
  type Production,
  type ProductionIntent,
} from "wise-card-kiosk/print-jobs";

/** When the job was created: everything else in these records is relative to it. */
const CREATED = Date.UTC(2026, 0, 31, 12);

/** A moment in seconds after the creation of the job. */
export function moment(seconds: number): Date {
  return new Date(CREATED + seconds * 1000);
}

/** The same moment as Wise writes it. */
export function timeAfter(seconds: number): string {
  return moment(seconds).toISOString();
}

/** A production at the kiosk of the job, whose request was sent this many seconds after the creation of the job. */
export function production(status: Production["status"], seconds: number | null, given: object = {}): Production {
  const occurredAt = seconds === null ? null : timeAfter(seconds);
  const details = { kioskId: status === "READY" ? null : "WIS00001", occurredAt, description: null };
  const errorCode = status === "PRODUCTION_ERROR" ? "PRD_HOPPER_JAM" : null;
  const rawStatus = status === "UNRECOGNIZED" ? { rawStatus: "CANCELLED" } : {};
  return { status, ...details, errorCode, ...rawStatus, ...given } as Production;
}

/** The answer to a request that was not accepted. */
export function refusal(errorCode: string): Production {
  return production("REQUEST_ERROR", 2, { errorCode });
}

/** The state of the card from before the job. */
export const BEFORE = production("READY", -3600);

/** The intent of the only request of the job, which left 2 s after its creation. */
export const INTENT: ProductionIntent = {
  profileId: "123456",
  cardToken: "card",
  kioskId: "WIS00001",
  correlationId: "11111111-2222-4333-8444-555555555555",
  previous: BEFORE,
  requestedAt: timeAfter(2),
  sendBy: timeAfter(7),
  expiresAt: timeAfter(37),
  wiseAt: timeAfter(1),
  wiseAtOurs: timeAfter(1),
  requests: 1,
};

/** A job that was just created. */
export const REQUESTED: PrintJob = {
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
  createdAt: timeAfter(0),
  updatedAt: timeAfter(0),
  dueAt: timeAfter(120),
  version: 1,
  history: [{ at: timeAfter(0), state: "requested", by: "clerk-17", note: null }],
};

/** Lets inputs happen one after another, each at its time in seconds. */
export function jobAfter(job: PrintJob, ...inputs: readonly (readonly [number, PrintJobInput])[]): PrintJob {
  return inputs.reduce((current, [seconds, input]) => nextPrintJob(current, input, moment(seconds)), job);
}

/** The inputs that lead to the states below, and others that tests need. */
export const INPUTS = {
  intent: { kind: "intent", intent: INTENT },
  accepted: { kind: "response", production: production("IN_PROGRESS", 2) },
  notTaken: { kind: "reconciled", intent: INTENT, outcome: "not-taken", production: BEFORE },
  unknown: { kind: "reconciled", intent: INTENT, outcome: "unknown", production: production("UNRECOGNIZED", 3) },
  failedRead: {
    kind: "failed-read",
    intent: INTENT,
    error: { code: "ERR_PERMISSION", httpStatus: 403, errorCode: null },
  },
  produced: { kind: "event", production: production("PRODUCED", 2) },
  failed: { kind: "event", production: production("PRODUCTION_ERROR", 2) },
  notPrinted: { kind: "person", outcome: "not-printed", by: "anna", reason: "hopper checked" },
} as const satisfies Record<string, PrintJobInput>;

const SENT = jobAfter(REQUESTED, [2, INPUTS.intent]);
const ACCEPTED = jobAfter(SENT, [3, INPUTS.accepted]);
const UNRESOLVED = jobAfter(SENT, [50, INPUTS.unknown]);

/** A job in each state that the rules tell apart. */
export const JOBS = {
  requested: REQUESTED,
  sent: SENT,
  refusedInDoubt: jobAfter(SENT, [3, { kind: "response", production: refusal("REQUEST_ALREADY_EXISTS") }]),
  unresolved: UNRESOLVED,
  staleAfterAccepted: jobAfter(ACCEPTED, [3700, { kind: "read", production: production("READY", -3600) }]),
  accepted: ACCEPTED,
  createdNotStarted: jobAfter(SENT, [3, { kind: "response", production: refusal("REQUEST_CREATED_BUT_NOT_STARTED") }]),
  adopted: jobAfter(REQUESTED, [1, { kind: "first-read", production: production("IN_PROGRESS", -10) }]),
  notSentByRead: jobAfter(SENT, [50, INPUTS.notTaken]),
  notSentByPerson: jobAfter(UNRESOLVED, [60, INPUTS.notPrinted]),
  certainlyNotSent: jobAfter(SENT, [
    3,
    {
      kind: "rejection",
      error: { code: "ERR_PERMISSION", httpStatus: 403, errorCode: null },
      mayHaveTakenEffect: false,
    },
  ]),
  neverSent: jobAfter(REQUESTED, [121, { kind: "lapse" }]),
  failed: jobAfter(ACCEPTED, [30, INPUTS.failed]),
  produced: jobAfter(ACCEPTED, [30, INPUTS.produced]),
  refused: jobAfter(SENT, [3, { kind: "response", production: refusal("KIOSK_ID_NOT_FOUND") }]),
} as const satisfies Record<string, PrintJob>;
