import { parseEventArgument } from "../webhooks/event/production-arguments.js";
import type { KioskProductionEvent } from "../webhooks/event/webhook-event.js";
import type { JobChange, JobChanges } from "./job-changes.js";
import type { PrintJob } from "./record/print-job.js";
import { isOpenPrintJob } from "./record/print-job-state.js";
import { isChanged } from "./rules/next-print-job.js";
import type { PrintJobInput } from "./rules/print-job-input.js";

/** The result of `apply`, discriminated on `outcome`. */
export type AppliedPrintJobEvent =
  | {
      /**
       * - `applied`: the job has a new state, or a newer production.
       * - `unchanged`: no job of the card has a new state or a newer production.
       */
      readonly outcome: "applied" | "unchanged";
      /** The job that the event is about. If that is not known, it is the open job of the card, or else the newest one. */
      readonly job: PrintJob;
    }
  | {
      /** The card has no job, or the event is a test notification or names no card. */
      readonly outcome: "no-job";
      /** There is no job. */
      readonly job: undefined;
    };

/** Applies an event to the job that it is about. */
export async function applyEvent(changes: JobChanges, event: KioskProductionEvent): Promise<AppliedPrintJobEvent> {
  const { profileId, cardToken, production, isTest } = parseEventArgument(event);
  if (isTest === true || cardToken === null) return { outcome: "no-job", job: undefined };
  const [newest, ...earlier] = await changes.listCardJobs({ profileId: String(profileId), cardToken });
  if (newest === undefined) return { outcome: "no-job", job: undefined };
  const input: PrintJobInput = { kind: "event", production };
  const first = await changes.change(newest, input);
  if (first.isMoved) return applied(first);
  // An earlier job matters only if it is open or the event corrects it. The newest job keeps what is known of the card.
  let last = first.job;
  for (const job of earlier.filter((job) => isOpenPrintJob(job) || isChanged(job, changes.next(job, input)))) {
    const change = await changes.change(job, input);
    if (change.isMoved) return applied(change);
    if (isOpenPrintJob(change.job)) last = change.job;
  }
  return { outcome: "unchanged", job: last };
}

function applied({ job }: JobChange): AppliedPrintJobEvent {
  return { outcome: "applied", job };
}
