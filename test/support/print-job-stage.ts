import { onTestFinished, vi } from "vitest";
import { type Production, WiseKioskClient, type WiseKioskClientOptions } from "wise-card-kiosk";
import {
  memoryPrintJobStore,
  type PrintJob,
  PrintJobs,
  type PrintJobsClient,
  type PrintJobsOptions,
} from "wise-card-kiosk/print-jobs";
import { createKioskSimulator, type KioskSimulatorOptions } from "wise-card-kiosk/testing";
import type { KioskProductionEvent } from "wise-card-kiosk/webhooks";

export const CARD = { profileId: 123456, cardToken: "ca0c8d9e" };
export const PRINT = { id: "job-1", ...CARD, kioskId: "WIS00001", requestedBy: "clerk-17" };

/** What a test may choose. */
export interface StageOptions {
  readonly simulator?: KioskSimulatorOptions;
  readonly client?: Partial<WiseKioskClientOptions>;
  /** Wraps the client of the jobs. */
  readonly wrap?: (client: WiseKioskClient) => PrintJobsClient;
  readonly jobs?: Partial<PrintJobsOptions>;
}

/** A simulator with one card, print jobs in memory, and a clock that the test moves. `Date` is mocked until the test is over. */
export function setStage({ simulator: given, client, wrap = (one) => one, jobs: options }: StageOptions = {}) {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.UTC(2026, 0, 31, 12) });
  onTestFinished(() => void vi.useRealTimers());
  const simulator = createKioskSimulator({ kiosks: ["WIS00001", "WIS00002"], cards: [CARD], ...given });
  const kiosk = new WiseKioskClient({ ...simulator.clientOptions(), ...client } as WiseKioskClientOptions);
  const store = memoryPrintJobStore();
  const changes: PrintJob[] = [];
  const create = (others: Partial<PrintJobsOptions> = {}) => {
    const onChange = (job: PrintJob) => void changes.push(job);
    return new PrintJobs({ client: wrap(kiosk), store, onChange, ...options, ...others });
  };
  return {
    simulator,
    card: simulator.card(CARD.cardToken),
    kiosk,
    store,
    /** Every change that was reported, in order. */
    changes,
    jobs: create(),
    /** The same on another instance. */
    create,
    /** How many production requests have reached Wise. */
    requests: () => simulator.requests.filter(({ operation }) => operation === "produceCard").length,
    /** How many prints a kiosk has begun. */
    prints: () => simulator.card(CARD.cardToken).history.filter(({ status }) => status === "IN_PROGRESS").length,
  };
}

/** Lets time pass, for us and for Wise. */
export function passTime(ms: number): void {
  vi.setSystemTime(Date.now() + ms);
}

/** Lets time pass until a sweep looks at the job, and what it reads can be trusted. */
export function passUntilDue(job: PrintJob): void {
  vi.setSystemTime(Date.parse(job.dueAt ?? "") + 5000);
}

/** The event that Wise sends when a card comes to this state. */
export function eventOf(production: Production, given: Partial<KioskProductionEvent> = {}): KioskProductionEvent {
  return {
    type: "cards#card-production-status-change",
    ...CARD,
    clientId: "your-bank",
    production,
    subscriptionId: "72195556-e5cb-495e-a010-b37a4f2a3043",
    schemaVersion: "4.0.0",
    sentAt: null,
    deliveryId: null,
    isTest: false,
    ...given,
  };
}

/** Returns what a promise rejects with. */
export async function rejectionOf(promise: Promise<unknown>): Promise<unknown> {
  const outcome = await promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if ("error" in outcome) return outcome.error;
  throw new Error(`resolved with ${JSON.stringify(outcome.value)}`);
}

/** The states of a job, one after another. */
export const statesOf = (job: PrintJob) => job.history.map(({ state }) => state);
