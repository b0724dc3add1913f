import type { PrintJob } from "wise-card-kiosk/print-jobs";
import type { FaultInjection } from "wise-card-kiosk/testing";
import type { BankAct, StepOfMany } from "./bank-plan.js";
import type { Ended } from "./bank-process.js";

/** What a process of the bank does, and what happens to it meanwhile. */
export interface Life {
  readonly acts: readonly BankAct[];
  readonly death?: StepOfMany | undefined;
  /** Kills the process so long after its start, in real milliseconds. */
  readonly killAfterMs?: number | undefined;
  /** Where the process stands still, and what happens meanwhile. */
  readonly freeze?: { readonly step: StepOfMany; readonly meanwhile: () => Promise<void> } | undefined;
  /** How far the clock of its machine is ahead of Wise's, in milliseconds. */
  readonly skewMs?: number | undefined;
}

/** Describes a job in a few words. */
export function describeJob({ id, state, evidence, adopted, dueAt, version }: PrintJob): string {
  const basis = `${evidence === null ? "" : ` by ${evidence}`}${adopted ? ", adopted" : ""}`;
  return `${id} ${state}${basis}${dueAt === null ? "" : `, due ${dueAt}`} (version ${version})`;
}

/** Tells what a process does, what is to happen to it and to its requests, and how it ended. */
export function retell(life: Life, faults: readonly FaultInjection[], ended?: Ended): string {
  const { acts, death, killAfterMs, freeze, skewMs = 0 } = life;
  const parts = acts.map((act) => ("id" in act ? `${act.do} ${act.id}` : act.do));
  if (skewMs !== 0) parts.push(`${skewMs} ms ahead`);
  if (death !== undefined) parts.push(`to be killed at ${death.at} ${death.nth}`);
  if (killAfterMs !== undefined) parts.push(`to be killed after ${killAfterMs} ms`);
  if (freeze !== undefined) parts.push(`to stand still at ${freeze.step.at} ${freeze.step.nth}`);
  if (faults.length > 0) parts.push(`with ${JSON.stringify(faults)}`);
  if (ended?.wasKilled === true) parts.push("was killed");
  for (const result of ended?.results ?? []) if ("error" in result) parts.push(result.error);
  return parts.join(", ");
}
