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

export const STAGE_CARD = { profileId: 123456, cardToken: "ca0c8d9e" };
export const PRINT = { id: "job-1", ...STAGE_CARD, kioskId: "WIS00001", requestedBy: "clerk-17" };

/** Options for {@link setStage}. */
export interface StageOptions {
  readonly simulator?: KioskSimulatorOptions;
  readonly client?: Partial<WiseKioskClientOptions>;
  /** Wraps the client of the jobs. */
  readonly wrap?: (client: WiseKioskClient) => PrintJobsClient;
  readonly jobs?: Partial<PrintJobsOptions>;
}

/**
 * Creates a simulator with one card, print jobs in memory, and a clock that the test moves. `Date` is mocked until the test
 * ends.
 */
export function setStage({ simulator: given, client, wrap = (one) => one, jobs: options }: StageOptions = {}) {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.UTC(2026, 0, 31, 12) });
  onTestFinished(() => void vi.useRealTimers());
  const simulator = createKioskSimulator({ kiosks: ["WIS00001", "WIS00002"], cards: [STAGE_CARD], ...given });
  const kiosk = new WiseKioskClient({ ...simulator.clientOptions(), ...client } as WiseKioskClientOptions);
  const store = memoryPrintJobStore();
  const changes: PrintJob[] = [];
  const create = (others: Partial<PrintJobsOptions> = {}) => {
    const onChange = (job: PrintJob) => void changes.push(job);
    return new PrintJobs({ client: wrap(kiosk), store, onChange, ...options, ...others });
  };
  return {
    simulator,
    card: simulator.card(STAGE_CARD.cardToken),
    kiosk,
    store,
    /** Every change that was reported, in order. */
    changes,
    jobs: create(),
    /** Creates print jobs on another instance. */
    create,
    /** How many production requests have reached Wise. */
    requests: () => simulator.requests.filter(({ operation }) => operation === "produceCard").length,
    /** How many prints a kiosk has begun. */
    prints: () => simulator.card(STAGE_CARD.cardToken).history.filter(({ status }) => status === "IN_PROGRESS").length,
  };
}

/** Returns a client with other methods instead of some of its own. */
export function withMethods(kiosk: WiseKioskClient, methods: Partial<PrintJobsClient>): PrintJobsClient {
  return {
    produceCard: kiosk.produceCard.bind(kiosk),
    getProductionStatus: kiosk.getProductionStatus.bind(kiosk),
    reconcileProduction: kiosk.reconcileProduction.bind(kiosk),
    ...methods,
  };
}

/** Lets time pass, for us and for Wise. */
export function letTimePass(ms: number): void {
  vi.setSystemTime(Date.now() + ms);
}

/** Lets time pass until a sweep processes the job and can trust what it reads. */
export function passUntilDue(job: PrintJob): void {
  vi.setSystemTime(Date.parse(job.dueAt ?? "") + 5000);
}

/** Returns the event that Wise sends when the card reaches a state. */
export function createCardEvent(
  production: Production,
  given: Partial<KioskProductionEvent> = {},
): KioskProductionEvent {
  return {
    type: "cards#card-production-status-change",
    ...STAGE_CARD,
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

/** Returns the states that a job has had, in order. */
export const listStates = (job: PrintJob) => job.history.map(({ state }) => state);
