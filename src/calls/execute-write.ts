import type { Production } from "../production/production.js";
import type { WriteOutcome } from "../response/attempt-outcome.js";
import { createTimeoutError } from "../response/classify-failure.js";
import { classifyStatusResponse } from "../response/classify-response.js";
import { hasTimeLeft, retryDelayMs, wait } from "../time/wait.js";
import { afterDeadline, afterFailedRead } from "./after-read.js";
import { afterSend } from "./after-send.js";
import { type Attempt, Attempts, type Classify } from "./attempts.js";
import type { Call, CallRequest } from "./call.js";
import type { CallIntents } from "./call-intents.js";
import { type Conclude, reconcileRead } from "./reconcile-read.js";
import { beginReconciliation, type ReconcilePolicy, type Step } from "./reconciliation.js";

/** A write that is reconciled by reading the status if a request is in doubt. */
export interface WriteCall<T> {
  /** The request that writes. */
  readonly write: CallRequest;
  /** The request that reads the status. */
  readonly read: CallRequest;
  /** Classifies a response to the write. */
  readonly classify: Classify<WriteOutcome<T>>;
  /** The last production that the caller knows, if any. */
  readonly previous: Production | undefined;
  /** Decides what a read means for this write. */
  readonly conclude: Conclude;
  /** The intents that must be written before the requests. `undefined` if the requests need none. */
  readonly intents?: CallIntents | undefined;
}

/**
 * Sends a write, sends it again if that is safe, and reads the status if the outcome of a request is unknown.
 *
 * @throws {KioskError} if the write fails or its outcome stays unknown.
 * @throws the reason of the caller's signal.
 */
export async function executeWrite<T>(call: Call, writeCall: WriteCall<T>): Promise<T | Production> {
  const attempts = new Attempts(call);
  const { reconcileWindowMs, resend } = call.reconcile;
  const policy: ReconcilePolicy = { reconcileWindowMs, resend, maxRetries: call.maxRetries, retryDelayMs };
  let known = beginReconciliation(writeCall.previous);
  let step: Step<T> = { do: "send", waitMs: 0 };
  let attempt: Attempt<unknown> | undefined;
  try {
    for (;;) {
      if (step.do === "resolve") {
        attempt?.report();
        return step.value;
      }
      if (step.do === "reject") {
        attempt?.report();
        const { operation, correlationId } = call;
        throw step.error({
          operation,
          correlationId,
          mayHaveTakenEffect: step.mayHaveTakenEffect,
          productionAfter: known.lastRead,
        });
      }
      attempt?.report(step.waitMs);
      if (!(step.waitMs > 0 ? await wait(step.waitMs, call) : hasTimeLeft(call))) {
        attempt = undefined;
        step = afterDeadline(known, createTimeoutError(call.operation, "deadlineMs", attempts.mayHaveSent));
      } else if (step.do === "send") {
        const permit = writeCall.intents?.permit(known.before);
        const sent = await attempts.attempt(writeCall.write, "call", writeCall.classify, permit);
        attempt = sent;
        [known, step] = afterSend(policy, known, sent.outcome, sent);
      } else {
        const read = await attempts.attempt(writeCall.read, "reconcile", classifyStatusResponse);
        attempt = read;
        [known, step] =
          read.outcome.kind === "done"
            ? reconcileRead(policy, known, read.outcome.value, writeCall.conclude, read)
            : afterFailedRead(policy, known, read.outcome, read);
      }
    }
  } finally {
    call.deadline?.end();
  }
}
