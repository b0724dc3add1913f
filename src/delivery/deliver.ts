import type { ReadProduction } from "../answer/judge-answer.js";
import { timeoutErrorOf } from "../answer/judge-failure.js";
import type { ErrorOf, Verdict, WriteVerdict } from "../answer/verdict.js";
import type { KioskError } from "../errors/kiosk-error.js";
import type { Production } from "../production/production.js";
import { wait } from "../time/wait.js";
import { type Attempt, Attempts, type Judge } from "./attempts.js";
import type { Call, CallRequest } from "./call.js";
import { momentAtWise, type ReadEvidence } from "./freshness.js";
import { readStatus } from "./read-status.js";
import { retryDelayMs } from "./retry-delay.js";
import {
  afterFailedRead,
  afterRead,
  afterSend,
  beginSettlement,
  type Next,
  type Settlement,
  type Settling,
  type Step,
} from "./settlement.js";

/** A write that is settled by reading where its outcome is in doubt. */
export interface Delivery<T> {
  readonly write: CallRequest;
  readonly read: CallRequest;
  readonly judge: Judge<WriteVerdict<T>>;
  /** The last production that the caller knows of. */
  readonly previous: Production | undefined;
  /** What a read means for this write. */
  settle(evidence: Omit<ReadEvidence, "kioskId">): Settling;
}

/**
 * Sends a write once, or again where that is safe, and reads where it is not known what became of it.
 *
 * @throws the error that the call ends with, or the reason of the caller's signal.
 */
export async function deliver<T>(call: Call, delivery: Delivery<T>): Promise<T | Production> {
  const attempts = new Attempts(call);
  let known = beginSettlement(call.maxRetries, delivery.previous);
  let step: Step<T> = { do: "send", pause: undefined };
  let attempt: Attempt<unknown> | undefined;
  for (;;) {
    if (step.do === "resolve" || step.do === "reject") {
      attempt?.report();
      if (step.do === "resolve") return step.value;
      throw errorOf(step.error, step.mayHaveTakenEffect, known, call);
    }
    const delay = step.pause === undefined ? 0 : retryDelayMs(known.sends - 1, step.pause.retryAfterMs);
    attempt?.report(delay);
    if (!(await wait(delay, call))) {
      const inDoubt = known.doubtSince !== undefined;
      throw errorOf(timeoutErrorOf(call.operation, "deadlineMs", attempts.mayHaveSent), inDoubt, known, call);
    }
    if (step.do === "send") {
      const sent = await attempts.attempt(delivery.write, "call", delivery.judge);
      attempt = sent;
      [known, step] = afterSend(known, sent.verdict, sent.startedAt);
    } else {
      const read = await readStatus(attempts, delivery.read, call, "settle");
      attempt = read;
      [known, step] = settleWith(read, known, delivery);
    }
  }
}

function settleWith<T>(
  { verdict, endedAt }: Attempt<Verdict<ReadProduction>>,
  known: Settlement,
  delivery: Delivery<T>,
): Next<T> {
  if (verdict.kind === "expired") return [known, { do: "reject", error: verdict.error, mayHaveTakenEffect: true }];
  if (verdict.kind !== "done") return afterFailedRead(known);
  const { production: read, answeredAt } = verdict.value;
  const began = momentAtWise(answeredAt, endedAt - (known.doubtSince ?? endedAt), Date.now());
  return afterRead(known, read, delivery.settle({ read, before: known.before, began }));
}

function errorOf(error: ErrorOf, mayHaveTakenEffect: boolean, { lastRead }: Settlement, call: Call): KioskError {
  const { operation, correlationId } = call;
  return error({ operation, correlationId, mayHaveTakenEffect, productionAfter: lastRead });
}
