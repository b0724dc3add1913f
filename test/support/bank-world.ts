import { WiseKioskClient } from "wise-card-kiosk";
import { isOpenPrintJob, type PrintJob, type Production } from "wise-card-kiosk/print-jobs";
import {
  createKioskSimulator,
  type FaultInjection,
  fixtures,
  type KioskSimulator,
  type KioskSimulatorOptions,
  type LoopbackServer,
} from "wise-card-kiosk/testing";
import { type KioskProductionEvent, KioskWebhooks } from "wise-card-kiosk/webhooks";
import type { LastingDatabase } from "./bank-databases.js";
import type { BankPlan, StoreDefect } from "./bank-plan.js";
import { type EndedProcess, runBank } from "./bank-process.js";
import { describeJob, describeLife, type Life } from "./bank-story.js";
import { OTHER_KIOSK, OUR_KIOSK } from "./kiosk-world.js";

const BANK_CARD = { profileId: 123456, cardToken: "ca0c8154-1e14-4464-a1ce-dcea7dc3de52" };

/** The correlation id of requests of other clients. Requests of a job carry the id of the job. */
const SOMEONE_ELSE = "someone-else";

/** The options of the print jobs in these worlds. */
const OVERDUE_MS = 60_000;
const STALE_MS = 10 * 60_000;

/** An open job is read again at least this often. */
export const MAX_PAUSE_MS = 60 * 60_000;

/** The largest difference between the clocks of two machines. */
const MAX_CLOCK_DIFFERENCE_MS = 2 * 60_000;

/** `Date` has whole seconds. */
const DATE_STEP_MS = 1000;

/** One print of the card, as Wise knows it. */
export interface WisePrint {
  /** The id of the job whose request started it; `undefined` if someone else's did. */
  readonly job: string | undefined;
  readonly kioskId: string | null;
  /** The state of the card just before. */
  readonly before: string;
  /** How it ended; `undefined` if it has not, or if the next print came before its end. */
  readonly end: "PRODUCED" | "PRODUCTION_ERROR" | undefined;
}

/** Options for {@link BankWorld.open}. */
export interface BankWorldOptions {
  readonly simulator?: KioskSimulatorOptions;
  /** Whether a print of the card has failed an hour ago. Default: the card is `READY`. */
  readonly hasFailedBefore?: boolean;
  /** The reconcile window of the client, in milliseconds. Default: 1000. */
  readonly reconcileWindowMs?: number;
  /** How the store is broken. Default: not at all. */
  readonly storeDefect?: StoreDefect | undefined;
  /** The limit for one attempt of a request, in milliseconds. Default: 10000. */
  readonly timeoutMs?: number;
}

/** A bank, Wise with a kiosk, and one card, on this machine. Its time passes as real time does, or is advanced. */
export class BankWorld {
  readonly simulator: KioskSimulator;
  readonly #database: LastingDatabase;
  readonly #server: LoopbackServer;
  readonly #settings: Pick<BankPlan, "reconcileWindowMs" | "timeoutMs" | "storeDefect">;
  readonly #log: string[] = [];
  #aheadMs = 0;
  #kills = 0;

  private constructor(
    database: LastingDatabase,
    simulator: KioskSimulator,
    server: LoopbackServer,
    { reconcileWindowMs = 1000, timeoutMs = 10_000, storeDefect }: BankWorldOptions,
  ) {
    this.#database = database;
    this.simulator = simulator;
    this.#server = server;
    this.#settings = { reconcileWindowMs, timeoutMs, storeDefect };
  }

  static async open(database: LastingDatabase, options: BankWorldOptions = {}): Promise<BankWorld> {
    const production = options.hasFailedBefore === true ? createOldFailure() : undefined;
    const simulator = createKioskSimulator({
      kiosks: [OUR_KIOSK, OTHER_KIOSK],
      token: "user-token",
      ...options.simulator,
      cards: [{ ...BANK_CARD, production }],
    });
    return new BankWorld(database, simulator, await simulator.listen(), options);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.simulator.reset();
    await this.#server.close();
    await this.#database[Symbol.asyncDispose]();
  }

  /** The number of processes that were killed so far. */
  get kills(): number {
    return this.#kills;
  }

  get card() {
    return this.simulator.card(BANK_CARD.cardToken);
  }

  /** What happened so far, line by line, for the message of a failing test. */
  get story(): string {
    return this.#log.join("\n");
  }

  note(text: string): void {
    this.#log.push(`${(this.#aheadMs / 1000).toFixed(1)} s: ${text}`);
  }

  /** Runs a process of the bank to its end. The faults apply only to its requests. */
  async live(life: Life, faults: readonly FaultInjection[] = []): Promise<EndedProcess> {
    const { acts, death, killAfterMs, freeze, skewMs = 0 } = life;
    const injected = faults.map((fault) => this.simulator.injectFault(fault));
    const plan: BankPlan = {
      database: this.#database.location,
      baseUrl: this.#server.url,
      token: "user-token",
      card: BANK_CARD,
      kioskId: OUR_KIOSK,
      ...this.#settings,
      overdueMs: OVERDUE_MS,
      staleMs: STALE_MS,
      aheadMs: this.#aheadMs + skewMs,
      acts,
      death,
      freeze: freeze?.step,
    };
    const whileFrozen = async () => {
      const from = this.#aheadMs;
      this.note(`${describeLife(life, faults)}, is frozen`);
      await this.#waitForArrival();
      await freeze?.meanwhile();
      return this.#aheadMs - from;
    };
    const ended = await runBank(plan, { killAfterMs, whileFrozen });
    await this.#waitForArrival();
    for (const fault of injected) fault.remove();
    if (ended.wasKilled) this.#kills += 1;
    this.note(describeLife(life, faults, ended));
    for (const job of await this.listJobs()) this.note(`  ${describeJob(job)}`);
    return ended;
  }

  /** Waits until the requests of a process have arrived: they arrive before a request that is sent later. */
  async #waitForArrival(): Promise<void> {
    await (await fetch(this.#server.url)).text();
  }

  /** Prints the card at a kiosk without a job. */
  async printByOther(kioskId: string): Promise<void> {
    await this.#request(kioskId, SOMEONE_ELSE);
  }

  /** Lets the kiosk start to print for a request of the job that Wise has taken before. */
  async startPrintFor(job: string): Promise<void> {
    await this.#request(OUR_KIOSK, job);
  }

  /** Sends a production request. It may meet a fault that is meant for the bank's process. */
  async #request(kioskId: string, correlationId: string): Promise<void> {
    const kiosk = new WiseKioskClient({ ...this.simulator.clientOptions(), maxRetries: 0, timeoutMs: 1000 });
    const request = kiosk.produceCard({ ...BANK_CARD, kioskId }, { correlationId });
    const outcome = await request.then(
      ({ status }) => status,
      (error) => (error as Error).name,
    );
    this.note(`a request of ${correlationId} at ${kioskId}: ${outcome}`);
  }

  /** Ends the print of the kiosk, if there is one. */
  end(status: "PRODUCED" | "PRODUCTION_ERROR"): void {
    if (this.card.production?.status !== "IN_PROGRESS") return;
    if (status === "PRODUCED") this.card.complete();
    else this.card.fail("PRD_HOPPER_JAM");
    this.note(`the kiosk ends with ${status}`);
  }

  advance(ms: number): void {
    this.simulator.advanceTime(ms);
    this.#aheadMs += ms;
  }

  /**
   * Advances to a moment at which every open job is due, by the clock of any machine.
   *
   * @throws {Error} if that is more than {@link MAX_PAUSE_MS} away: a job must not wait longer.
   */
  async advanceUntilDue(): Promise<void> {
    const now = Date.now() + this.#aheadMs;
    const dues = (await this.listJobs()).filter(isOpenPrintJob).map(({ dueAt }) => Date.parse(dueAt ?? ""));
    if (dues.length === 0) return;
    const leftMs = Math.max(0, Math.max(...dues) - now);
    if (!(leftMs <= MAX_PAUSE_MS)) throw new Error(`No sweep will read a job in time:\n${this.story}`);
    this.advance(leftMs + MAX_CLOCK_DIFFERENCE_MS + this.#settings.reconcileWindowMs + 2 * DATE_STEP_MS);
  }

  /** Returns every event that Wise has delivered so far. */
  async listEvents(): Promise<KioskProductionEvent[]> {
    const webhooks = new KioskWebhooks(this.simulator.webhookOptions());
    const { deliveries } = this.simulator;
    const events = await Promise.all(deliveries.map(({ body, headers }) => webhooks.unwrap(body, headers)));
    return events.filter((event) => event.type !== "other");
  }

  /** Returns the stored jobs, oldest first. */
  async listJobs(): Promise<readonly PrintJob[]> {
    return [...new Map((await this.listWrites()).map((job) => [job.id, job])).values()];
  }

  /** Returns every written version of every job, in the order of the writes. */
  listWrites(): Promise<readonly PrintJob[]> {
    return this.#database.listWrites();
  }

  /** What Wise has printed, oldest first. */
  get prints(): readonly WisePrint[] {
    const causes = this.simulator.requests.filter((request) => request.method === "PUT" && request.tookEffect);
    const prints: WisePrint[] = [];
    let before = "";
    for (const { status, kioskId } of this.card.history) {
      const last = prints.at(-1);
      if (status === "IN_PROGRESS") {
        const cause = causes[prints.length]?.headers["x-external-correlation-id"];
        prints.push({ job: cause === SOMEONE_ELSE ? undefined : cause, kioskId, before, end: undefined });
      } else if (last !== undefined && (status === "PRODUCED" || status === "PRODUCTION_ERROR")) {
        prints[prints.length - 1] = { ...last, end: status };
      }
      before = status;
    }
    return prints;
  }
}

function createOldFailure(): Production {
  const occurredAt = new Date(Date.now() - 60 * 60_000).toISOString();
  return fixtures.production.productionError({ kioskId: OUR_KIOSK, occurredAt });
}
