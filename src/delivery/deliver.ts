import { judgeStatusAnswer } from "../answer/judge-answer.js";
import { timeoutErrorOf } from "../answer/judge-failure.js";
import type { WriteVerdict } from "../answer/verdict.js";
import type { Production } from "../production/production.js";
import { wait } from "../time/wait.js";
import { afterDeadline, afterFailedRead } from "./after-read.js";
import { afterSend } from "./after-send.js";
import { type Attempt, Attempts, type Judge } from "./attempts.js";
import type { Call, CallRequest } from "./call.js";
import { type Conclude, reconcileRead } from "./reconcile-read.js";
import { beginReconciliation, type ReconcilePolicy, type Step } from "./reconciliation.js";
import { retryDelayMs } from "./retry-delay.js";

/** A write that is reconciled by reading if its outcome is in doubt. */
export interface Delivery<T> {
  readonly write: CallRequest;
  readonly read: CallRequest;
  readonly judge: Judge<WriteVerdict<T>>;
  /** The last production that the caller knows of. */
  readonly previous: Production | undefined;
  /** Decides what a read means for this write. */
  readonly conclude: Conclude;
}

/**
 * Sends a write once, or again if that is safe, and reads the status if the outcome of a request is not known.
 *
 * @throws the error that the call ends with, or the reason of the caller's signal.
 */
export async function deliver<T>(call: Call, delivery: Delivery<T>): Promise<T | Production> {
  try {
    return await sendAndReconcile(call, delivery);
  } finally {
    call.deadline?.end();
  }
}

async function sendAndReconcile<T>(call: Call, delivery: Delivery<T>): Promise<T | Production> {
  const attempts = new Attempts(call);
  const policy: ReconcilePolicy = { ...call.reconcile, maxRetries: call.maxRetries, retryDelayMs };
  let known = beginReconciliation(delivery.previous);
  let step: Step<T> = { do: "send", waitMs: 0 };
  let attempt: Attempt<unknown> | undefined;
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
    if (!(await wait(step.waitMs, call))) {
      attempt = undefined;
      step = afterDeadline(known, timeoutErrorOf(call.operation, "deadlineMs", attempts.mayHaveSent));
    } else if (step.do === "send") {
      const sent = await attempts.attempt(delivery.write, "call", delivery.judge);
      attempt = sent;
      [known, step] = afterSend(policy, known, sent.verdict, sent);
    } else {
      const read = await attempts.attempt(delivery.read, "reconcile", judgeStatusAnswer);
      attempt = read;
      [known, step] =
        read.verdict.kind === "done"
          ? reconcileRead(policy, known, read.verdict.value, delivery.conclude, read)
          : afterFailedRead(policy, known, read.verdict, read);
    }
  }
}
