import type { Production } from "../production/production.js";
import type { AttemptOutcome, WriteOutcome } from "../response/attempt-outcome.js";
import { retryDelayMs, wait } from "../time/wait.js";
import { afterDeadline, afterFailedRead } from "./after-read.js";
import { afterSend } from "./after-send.js";
import { type Attempt, Attempts, type Classify } from "./attempts.js";
import type { Call, CallRequest } from "./call.js";
import type { CallIntents } from "./call-intents.js";
import {
  beginReconciliation,
  type Next,
  type ReconcilePolicy,
  type Reconciliation,
  type Step,
  type TimeSpan,
} from "./reconciliation.js";

/** What to make of a read that reconciles a write. */
interface ReconcileBy<T, R> {
  /** Classifies a response to the read. */
  readonly classifyRead: Classify<AttemptOutcome<R>>;
  /** Decides what to do after a read, based on what it showed and when it was made. */
  readonly afterRead: (
    policy: ReconcilePolicy,
    known: Reconciliation,
    read: R,
    span: TimeSpan,
  ) => Next<T> | Promise<Next<T>>;
}

/** A write that is reconciled by a read if a request is in doubt. */
export interface WriteCall<T, R> {
  /** The request that writes. */
  readonly write: CallRequest;
  /** The request that reads what the write changes. */
  readonly read: CallRequest;
  /** Classifies a response to the write. */
  readonly classify: Classify<WriteOutcome<T>>;
  /** The last production that the caller knows, if any. */
  readonly previous: Production | undefined;
  /** What to make of a read. */
  readonly reconcileBy: ReconcileBy<T, R>;
  /** The intents that must be written before the requests. `undefined` if the requests need none. */
  readonly intents?: CallIntents | undefined;
  /** The method that was called, for the advice of errors. Default: the operation of the call. */
  readonly calledMethod?: string | undefined;
  /** Whether an earlier write, for which this one stands too, may have taken effect. Default: `false`. */
  readonly mayHaveTakenEffect?: boolean;
}

const SEND_NOW = { do: "send", waitMs: 0 } as const;

/**
 * Sends a write, sends it again if that is safe, and reads if the outcome of a request is unknown.
 *
 * @throws {KioskError} if the write fails or its outcome stays unknown.
 * @throws the reason of the caller's signal.
 */
export async function executeWrite<T, R>(call: Call, writeCall: WriteCall<T, R>): Promise<T | Production> {
  const attempts = new Attempts(call);
  const policy: ReconcilePolicy = { ...call.reconcile, maxRetries: call.maxRetries, retryDelayMs };
  let known = beginReconciliation(writeCall.previous);
  let step: Step<T> = SEND_NOW;
  let attempt: Attempt<unknown> | undefined;
  try {
    for (;;) {
      if (step.do === "resolve") return step.value;
      if (step.do === "reject") {
        throw step.error({
          operation: writeCall.calledMethod ?? call.operation,
          correlationId: call.correlationId,
          mayHaveTakenEffect: step.mayHaveTakenEffect || writeCall.mayHaveTakenEffect === true,
          productionAfter: known.lastRead,
        });
      }
      attempt?.report(step.waitMs);
      attempt = undefined;
      if (step.waitMs > 0 && !(await wait(step.waitMs, call))) {
        step = afterDeadline(known, attempts.deadlineError());
      } else if (step.do === "send") {
        const permit = writeCall.intents?.permit(known.before);
        const sent = await attempts.attempt(writeCall.write, "call", writeCall.classify, permit);
        attempt = sent;
        [known, step] = afterSend(policy, known, sent.outcome, sent);
      } else {
        const read = await attempts.attempt(writeCall.read, "reconcile", writeCall.reconcileBy.classifyRead);
        attempt = read;
        [known, step] =
          read.outcome.kind === "done"
            ? await writeCall.reconcileBy.afterRead(policy, known, read.outcome.value, read)
            : afterFailedRead(policy, known, read.outcome, read);
      }
    }
  } finally {
    // No attempt follows the last one, also if `afterRead` has failed.
    attempt?.report();
    call.deadline?.end();
  }
}
