import { isKioskError, type Production, type ProductionIntent, type WiseKioskClient } from "wise-card-kiosk";
import {
  type AppliedPrintJobEvent,
  memoryPrintJobStore,
  nextPrintJob,
  type PrintJob,
  type PrintJobState,
  type PrintJobStore,
  PrintJobs,
  type PrintJobTally,
  tallyPrintJobs,
} from "wise-card-kiosk/print-jobs";
import { checkPrintJobStore } from "wise-card-kiosk/testing";
import type { KioskProductionEvent } from "wise-card-kiosk/webhooks";
import type { Equal, Expect } from "./equal.js";

export type Job = [
  Expect<Equal<PrintJob["production"], Production | null>>,
  Expect<Equal<PrintJob["intent"], ProductionIntent | null>>,
  Expect<Equal<PrintJob["state"], PrintJobState>>,
];

export async function prints(client: WiseKioskClient, event: KioskProductionEvent): Promise<PrintJobState> {
  const jobs = new PrintJobs({ client, store: memoryPrintJobStore() });
  const job = await jobs.print({ profileId: 123456, cardToken: "ca0c", kioskId: "WIS00001" }, { deadlineMs: 30_000 });
  const applied: AppliedPrintJobEvent = await jobs.apply(event);
  if (applied.outcome === "no-job") applied.job satisfies undefined;
  else applied.job satisfies PrintJob;
  // @ts-expect-error There is no such outcome.
  await jobs.resolve(job.id, { outcome: "printed", by: "anna", reason: "looked" });
  // @ts-expect-error A reason is required.
  await jobs.resolve(job.id, { outcome: "produced", by: "anna" });
  (await jobs.get(job.id)) satisfies PrintJob | undefined;
  return job.state;
}

export function reads(job: PrintJob, caught: unknown): PrintJob | undefined {
  // @ts-expect-error A job does not change; the rules return another one.
  job.state = "failed";
  if (isKioskError(caught) && caught.code === "ERR_PRINT_JOB_CONFLICT") return caught.job;
  return nextPrintJob(job, { kind: "lapse" }, new Date());
}

export const tallies: readonly PrintJobTally[] = tallyPrintJobs([], { timeZone: "Europe/Tallinn" });

export async function proves(createStore: () => PrintJobStore): Promise<void> {
  await checkPrintJobStore(createStore);
  await checkPrintJobStore(async () => createStore());
}
