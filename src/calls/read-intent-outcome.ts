import type { Production } from "../production/production.js";
import type { ErrorFactory } from "../response/attempt-outcome.js";
import { elapsedMs, type Instant, steadyMs } from "../time/clock.js";
import { wait } from "../time/wait.js";
import { type Attempt, Attempts } from "./attempts.js";
import type { Call, CallRequest } from "./call.js";
import { intentWindowLeftMs, type ReadBeginning } from "./intent-clock.js";
import { type BeforeNextRead, pauseWithinWindow } from "./read-schedule.js";
import { readStatus } from "./read-status.js";
import { type ReconcilableIntent, type ReconciledIntent, reconcileIntent } from "./reconcile-intent.js";

/** How much longer than expected the window may stay open, because a `Date` does not advance, before the outcome is unknown. */
const STUCK_DATE_MS = 5 * 60_000;

/**
 * Reads the status until it shows what became of an intent, or the window of the intent is over. It sends only reads.
 *
 * @throws {KioskError} if a read fails for good, or the deadline passes.
 * @throws the reason of the caller's signal.
 */
export async function readIntentOutcome(
  call: Call,
  request: CallRequest,
  intent: ReconcilableIntent,
  beforeNextRead?: BeforeNextRead,
): Promise<ReconciledIntent> {
  const { clock, operation, reconcile } = call;
  const attempts = new Attempts(call);
  const startedAt = clock.now();
  let longestMs: number | undefined;
  let production: Production | undefined;
  const fail = (error: ErrorFactory) =>
    error({ operation, correlationId: call.correlationId, mayHaveTakenEffect: false, productionAfter: production });
  for (let reads = 0; ; reads += 1) {
    const attempt = await readStatus(attempts, request, call, { purpose: "reconcile", beforeRepeat: beforeNextRead });
    if (attempt.outcome.kind !== "done") {
      attempt.report();
      throw fail(attempt.outcome.error);
    }
    production = attempt.outcome.value.production;
    const began = readBeginning(attempt, attempt.outcome.value.respondedAt, startedAt);
    const leftMs = intentWindowLeftMs(intent, began, reconcile.reconcileWindowMs);
    longestMs ??= leftMs + STUCK_DATE_MS;
    const reconciled = reconcileIntent(intent, { ...began, production }, reconcile.reconcileWindowMs);
    const isOver = reconciled !== undefined || steadyMs(startedAt, attempt.startedAt) > longestMs;
    if (isOver || (await beforeNextRead?.(leftMs))) {
      attempt.report();
      return reconciled ?? { outcome: "unknown", production };
    }
    const waitMs = pauseWithinWindow(reads, leftMs - steadyMs(attempt.startedAt, clock.now()));
    attempt.report(waitMs);
    if (!(await wait(waitMs, call))) throw fail(attempts.deadlineError());
  }
}

/**
 * Returns when a read began. Our wall clock is read once, at the start of the call: if it is set during the call, the window must
 * not end early.
 */
function readBeginning(
  read: Pick<Attempt<unknown>, "startedAt" | "endedAt">,
  respondedAt: number | null,
  callStartedAt: Instant,
): ReadBeginning {
  return {
    startedAt: callStartedAt.wallMs + steadyMs(callStartedAt, read.startedAt),
    wiseAt: respondedAt === null ? null : respondedAt - elapsedMs(read.startedAt, read.endedAt),
  };
}
