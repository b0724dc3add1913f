import type { PrintJob } from "wise-card-kiosk/print-jobs";
import type { FaultInjection } from "wise-card-kiosk/testing";
import type { BankAct, StepOfMany } from "./bank-plan.js";
import type { EndedProcess } from "./bank-process.js";

/** What a process of the bank does, and what happens to it. */
export interface Life {
  readonly acts: readonly BankAct[];
  readonly death?: StepOfMany | undefined;
  /** Kills the process this long after its start, in real milliseconds. */
  readonly killAfterMs?: number | undefined;
  /** The step at which the process freezes, and what happens meanwhile. */
  readonly freeze?: { readonly step: StepOfMany; readonly meanwhile: () => Promise<void> } | undefined;
  /** How far the clock of its machine is ahead of Wise's, in milliseconds. */
  readonly skewMs?: number | undefined;
}

/** Describes a job in a few words. */
export function describeJob({ id, state, evidence, adopted, dueAt, version }: PrintJob): string {
  const basis = `${evidence === null ? "" : ` by ${evidence}`}${adopted ? ", adopted" : ""}`;
  return `${id} ${state}${basis}${dueAt === null ? "" : `, due ${dueAt}`} (version ${version})`;
}

/** Describes what a process does, what is planned for it and its requests, and how it ended if it has. */
export function describeLife(life: Life, faults: readonly FaultInjection[], ended?: EndedProcess): string {
  const { acts, death, killAfterMs, freeze, skewMs = 0 } = life;
  const parts = acts.map((act) => ("id" in act ? `${act.do} ${act.id}` : act.do));
  if (skewMs !== 0) parts.push(`${skewMs} ms ahead`);
  if (death !== undefined) parts.push(`to be killed at ${death.at} ${death.nth}`);
  if (killAfterMs !== undefined) parts.push(`to be killed after ${killAfterMs} ms`);
  if (freeze !== undefined) parts.push(`to freeze at ${freeze.step.at} ${freeze.step.nth}`);
  if (faults.length > 0) parts.push(`with ${JSON.stringify(faults)}`);
  if (ended?.wasKilled === true) parts.push("was killed");
  for (const result of ended?.results ?? []) if ("error" in result) parts.push(result.error);
  return parts.join(", ");
}
