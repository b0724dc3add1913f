import { parseEventArgument } from "../webhooks/event/production-arguments.js";
import type { KioskProductionEvent } from "../webhooks/event/webhook-event.js";
import type { JobChange, JobChanges } from "./job-changes.js";
import type { PrintJob } from "./record/print-job.js";
import { isOpenPrintJob } from "./record/print-job-state.js";
import { isChanged } from "./rules/next-print-job.js";
import type { PrintJobInput } from "./rules/print-job-input.js";

/**
 * What came of an event:
 * - `applied`: a job has another state now, or a newer production;
 * - `unchanged`: it is no news of a job of this card;
 * - `no-job`: there is no job of this card, or the event is a test notification.
 */
export type AppliedPrintJobEvent =
  | { readonly outcome: "applied" | "unchanged"; readonly job: PrintJob }
  | { readonly outcome: "no-job"; readonly job: undefined };

/** Takes an event into the job that it is about. */
export async function applyEvent(changes: JobChanges, event: KioskProductionEvent): Promise<AppliedPrintJobEvent> {
  const { profileId, cardToken, production, isTest } = parseEventArgument(event);
  if (isTest === true || cardToken === null) return { outcome: "no-job", job: undefined };
  const jobs = await changes.ofCard({ profileId: String(profileId), cardToken });
  const current = jobs.find(isOpenPrintJob) ?? jobs[0];
  if (current === undefined) return { outcome: "no-job", job: undefined };
  const input: PrintJobInput = { kind: "event", production };
  const first = await changes.change(current, input);
  if (first.isMoved) return applied(first);
  // Another job only matters if the event corrects it; what the card's jobs know is kept in the current one.
  for (const job of jobs) {
    if (job === current || !isChanged(job, changes.next(job, input))) continue;
    const change = await changes.change(job, input);
    if (change.isMoved) return applied(change);
  }
  return { outcome: "unchanged", job: first.job };
}

function applied({ job }: JobChange): AppliedPrintJobEvent {
  return { outcome: "applied", job };
}
