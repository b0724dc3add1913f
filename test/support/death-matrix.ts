import { expect } from "vitest";
import type { PrintJobState } from "wise-card-kiosk/print-jobs";
import { type FaultInjection, fixtures, type KioskSimulatorOptions } from "wise-card-kiosk/testing";
import type { LastingDatabase } from "./bank-databases.js";
import type { StepOfMany, StoreDefect } from "./bank-plan.js";
import { BankWorld } from "./bank-world.js";
import { findBrokenPromises } from "./find-broken-promises.js";
import { OTHER_KIOSK, OUR_KIOSK } from "./kiosk-world.js";

/** How far the printing process got. */
type PrintProgress = "nothing" | "recorded" | "intended" | "sent" | "stored";

/** A step at which the bank's process is killed. */
export interface DeathCase {
  readonly title: string;
  readonly death?: StepOfMany;
  /** How far the print got at that step. */
  readonly progress: PrintProgress;
  /** Whether a sweeping process dies, after the printing one has died in flight. Default: `false`. */
  readonly inSweep?: boolean;
}

/** How Wise handles the request, and what else happens to the card. */
export interface WiseCase {
  readonly title: string;
  readonly simulator?: KioskSimulatorOptions;
  readonly hasFailedBefore?: boolean;
  /** The fault of the dying process's request. Default: none. */
  readonly fault?: Pick<FaultInjection, "fault" | "takesEffect">;
  readonly beforehand?: (world: BankWorld) => Promise<void>;
  /** What happens between the death of the process and the restart. */
  readonly afterwards?: (world: BankWorld) => Promise<void>;
  /** How the kiosk ends its print, after the first restart. Default: `PRODUCED`. */
  readonly end?: "PRODUCTION_ERROR";
  /** Whether the card is already printing when the process reads it, so that no request leaves. Default: `false`. */
  readonly isOccupied?: boolean;
  /** The last state of the job if its request has left. */
  readonly sent: PrintJobState;
  /** The last state if the job only has an intent. Default: `not-sent`. */
  readonly intended?: PrintJobState;
  /** The last state if the outcome is stored. Default: as `sent`. */
  readonly stored?: PrintJobState;
}

const IN_FLIGHT: StepOfMany = { at: "PUT sent", nth: 1 };

export const DEATHS: readonly DeathCase[] = [
  { title: "at no step", progress: "stored" },
  { title: "before the record", death: { at: "insert begins", nth: 1 }, progress: "nothing" },
  { title: "after the record", death: { at: "insert ends", nth: 1 }, progress: "recorded" },
  { title: "before the intent", death: { at: "replace begins", nth: 1 }, progress: "recorded" },
  { title: "after the intent", death: { at: "replace ends", nth: 1 }, progress: "intended" },
  { title: "before the request", death: { at: "PUT begins", nth: 1 }, progress: "intended" },
  { title: "in flight", death: IN_FLIGHT, progress: "sent" },
  { title: "after the response", death: { at: "PUT ends", nth: 1 }, progress: "sent" },
  { title: "before the outcome is stored", death: { at: "replace begins", nth: 2 }, progress: "sent" },
  { title: "after the outcome is stored", death: { at: "replace ends", nth: 2 }, progress: "stored" },
  { title: "in the sweep, before its claim", death: { at: "replace begins", nth: 1 }, progress: "sent", inSweep: true },
  { title: "in the sweep, after its claim", death: { at: "replace ends", nth: 1 }, progress: "sent", inSweep: true },
  { title: "in the sweep, after its read", death: { at: "GET ends", nth: 1 }, progress: "sent", inSweep: true },
  { title: "in the sweep, after its decision", death: { at: "replace ends", nth: 2 }, progress: "sent", inSweep: true },
];

const refusal = (errorCode: string) => fixtures.error.requestError({ body: { errorCode } });

export const WISES: readonly WiseCase[] = [
  { title: "took it", sent: "produced" },
  { title: "took it, after an earlier failure", hasFailedBefore: true, sent: "produced" },
  {
    title: "took it, and the customer had the card before the restart",
    afterwards: async (world) => world.end("PRODUCED"),
    sent: "produced",
  },
  {
    title: "refused it",
    fault: { fault: refusal("PRINTER_OR_SATELLITE_NOT_READY") },
    sent: "not-sent",
    stored: "refused",
  },
  { title: "took it, and it jammed", end: "PRODUCTION_ERROR", sent: "failed" },
  {
    title: "took it after an earlier failure, and it jammed before the restart",
    hasFailedBefore: true,
    afterwards: async (world) => world.end("PRODUCTION_ERROR"),
    sent: "failed",
  },
  { title: "took it, but its response was lost", fault: { fault: "lost-response" }, sent: "produced" },
  { title: "never got it", fault: { fault: "connection-reset" }, sent: "not-sent" },
  {
    title: "took it late",
    simulator: { assumptions: { produceWhileInProgress: "accept" } },
    fault: { fault: { arrivesAfterMs: 4000 } },
    sent: "produced",
  },
  { title: "took it, and reads lag", simulator: { readLagMs: 3000 }, sent: "produced" },
  {
    title: "took it late, and reads lag",
    simulator: { readLagMs: 1000, assumptions: { decideByLaggingState: true } },
    fault: { fault: { arrivesAfterMs: 4000 } },
    sent: "produced",
  },
  {
    title: "created it, and started it before the restart",
    fault: { fault: refusal("REQUEST_CREATED_BUT_NOT_STARTED") },
    afterwards: async (world) => {
      if (world.simulator.requests.some(({ method }) => method === "PUT")) await world.startPrintFor("job-1");
    },
    sent: "produced",
  },
  {
    title: "never got it, and someone else printed at another kiosk",
    fault: { fault: "connection-reset" },
    afterwards: (world) => world.printByOther(OTHER_KIOSK),
    sent: "unresolved",
    intended: "unresolved",
  },
  {
    title: "was printing the card for someone else at this kiosk",
    beforehand: (world) => world.printByOther(OUR_KIOSK),
    isOccupied: true,
    sent: "produced",
    intended: "produced",
  },
  {
    title: "was printing the card for someone else at another kiosk",
    beforehand: (world) => world.printByOther(OTHER_KIOSK),
    isOccupied: true,
    sent: "not-sent",
  },
];

/** Plays one history: the process is killed at the step, another one sweeps, and the clerk prints the card once more. */
export async function playDeath(
  step: DeathCase,
  wise: WiseCase,
  database: LastingDatabase,
  storeDefect?: StoreDefect,
): Promise<void> {
  const { simulator = {}, hasFailedBefore = false } = wise;
  await using world = await BankWorld.open(database, { simulator, hasFailedBefore, storeDefect });
  const faults = wise.fault === undefined ? [] : [{ operation: "produceCard", ...wise.fault } as const];
  await wise.beforehand?.(world);
  await world.live({ acts: [{ do: "print", id: "job-1" }], death: step.inSweep ? IN_FLIGHT : step.death }, faults);
  await wise.afterwards?.(world);
  await world.advanceUntilDue();
  if (step.inSweep) {
    await world.live({ acts: [{ do: "sweep" }], death: step.death });
    await world.advanceUntilDue();
  }
  await world.live({ acts: [{ do: "sweep" }] });
  world.end(wise.end ?? "PRODUCED");
  await world.advanceUntilDue();
  await expectEnd(world, step, wise);
}

/** Sweeps once more and prints again: the second job must print if and only if the first one printed nothing or failed. */
async function expectEnd(world: BankWorld, step: DeathCase, wise: WiseCase): Promise<void> {
  const isFree = ["READY", "PRODUCTION_ERROR"].includes(world.card.production?.status ?? "");
  const prints = world.prints.length;
  await world.live({ acts: [{ do: "sweep" }, { do: "print", id: "job-2" }] });
  const { story } = world;
  const state = findExpectedState(step, wise);
  const next = isFree ? "accepted" : "not-sent";
  const states = state === undefined ? [next] : state === "unresolved" ? [state] : [state, next];
  expect(
    (await world.listJobs()).map((job) => job.state),
    story,
  ).toEqual(states);
  expect(world.prints.length - prints, story).toBe(states.includes("accepted") ? 1 : 0);
  expect(await findBrokenPromises(world, state === "unresolved"), story).toEqual([]);
  expect(world.kills, story).toBe(countKills(step, wise));
}

function findExpectedState({ progress }: DeathCase, wise: WiseCase): PrintJobState | undefined {
  const { sent, intended = "not-sent", stored = sent } = wise;
  return { nothing: undefined, recorded: "not-sent" as const, intended, sent, stored }[progress];
}

/** Returns the number of kills. If the card is not free, no request is reached. A sweep is killed only if a job is due. */
function countKills(
  { title, death, progress, inSweep = false }: DeathCase,
  { isOccupied = false, sent }: WiseCase,
): number {
  if (death === undefined) return 0;
  if (!isOccupied) return inSweep ? 2 : 1;
  if (inSweep) return sent === "not-sent" ? 0 : 1;
  return ["sent", "stored"].includes(progress) || title === "before the request" ? 0 : 1;
}
