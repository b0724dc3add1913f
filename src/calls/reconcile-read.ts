import { classifyStatusResponse, type ReadProduction } from "../response/classify-response.js";
import { elapsedMs } from "../time/clock.js";
import { afterRead } from "./after-read.js";
import { estimateWiseTime, isJustBefore, type ReadEvidence } from "./attribution.js";
import type { Conclusion, Next, ReconcilePolicy, Reconciliation, TimeSpan } from "./reconciliation.js";

/** Decides what a read means for one kind of write. */
export type Conclude = (evidence: Omit<ReadEvidence, "kioskId">) => Conclusion;

/** How a write that starts or ends a production is reconciled: by reading the status. */
export function reconcileByStatus<T>(conclude: Conclude) {
  return {
    classifyRead: classifyStatusResponse,
    afterRead: (policy: ReconcilePolicy, known: Reconciliation, read: ReadProduction, span: TimeSpan): Next<T> =>
      reconcileRead(policy, known, read, conclude, span),
  };
}

/**
 * Decides what to do after a read, based on what it showed and when it was made.
 *
 * If no request is in doubt, the read follows a `REQUEST_ALREADY_EXISTS`. A state from just before the request then does not
 * count as the work of this call, because the usual reason for that response is another call a moment earlier.
 */
export function reconcileRead<T>(
  policy: ReconcilePolicy,
  known: Reconciliation,
  { production: read, respondedAt }: ReadProduction,
  conclude: Conclude,
  span: TimeSpan,
): Next<T> {
  const { startedAt, endedAt } = span;
  const since = known.since ?? endedAt;
  const began = estimateWiseTime(respondedAt, elapsedMs(since, endedAt), endedAt.wallMs);
  const { action, attribution } = conclude({ read, before: known.before, began });
  const isFromJustBefore =
    known.windowBeganAt === undefined && isJustBefore(read.occurredAt, since, { startedAt, endedAt, respondedAt });
  return afterRead(policy, known, read, { action, attribution: isFromJustBefore ? "unknown" : attribution }, span);
}
