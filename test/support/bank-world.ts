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
import type { BankPlan } from "./bank-plan.js";
import { type Ended, runBank } from "./bank-process.js";
import { describeJob, type Life, retell } from "./bank-story.js";

export const OUR_KIOSK = "WIS00001";
export const OTHER_KIOSK = "WIS00002";

const CARD = { profileId: 123456, cardToken: "ca0c8154-1e14-4464-a1ce-dcea7dc3de52" };

/** The correlation id of requests that come from no job. Those of a job carry its id. */
const SOMEONE_ELSE = "someone-else";

/** How long sweeps wait for news in these worlds. */
const OVERDUE_MS = 60_000;
const STALE_MS = 10 * 60_000;

/** An open job is looked at after this time at the latest. */
export const LONGEST_PAUSE_MS = 60 * 60_000;

/** How far the clocks of two machines may be apart. */
const CLOCK_DIFFERENCE_MS = 2 * 60_000;

/** `Date` has whole seconds. */
const DATE_GRAIN_MS = 1000;

/** One print of the card, as Wise knows it. */
export interface Print {
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
  /** Default: 1000. */
  readonly reconcileWindowMs?: number;
  /** The limit for one attempt of a request. Default: 10000. */
  readonly timeoutMs?: number;
}

/** A bank, Wise with a kiosk, and one card, on this machine. Its time passes as real time does, or is advanced. */
export class BankWorld {
  readonly simulator: KioskSimulator;
  readonly #database: LastingDatabase;
  readonly #server: LoopbackServer;
  readonly #timing: { readonly reconcileWindowMs: number; readonly timeoutMs: number };
  readonly #log: string[] = [];
  #aheadMs = 0;
  #kills = 0;

  private constructor(
    database: LastingDatabase,
    simulator: KioskSimulator,
    server: LoopbackServer,
    { reconcileWindowMs = 1000, timeoutMs = 10_000 }: BankWorldOptions,
  ) {
    this.#database = database;
    this.simulator = simulator;
    this.#server = server;
    this.#timing = { reconcileWindowMs, timeoutMs };
  }

  static async open(database: LastingDatabase, options: BankWorldOptions = {}): Promise<BankWorld> {
    const production = options.hasFailedBefore === true ? failureOfAnHourAgo() : undefined;
    const simulator = createKioskSimulator({
      kiosks: [OUR_KIOSK, OTHER_KIOSK],
      token: "user-token",
      ...options.simulator,
      cards: [{ ...CARD, production }],
    });
    return new BankWorld(database, simulator, await simulator.listen(), options);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.simulator.reset();
    await this.#server.close();
    await this.#database[Symbol.asyncDispose]();
  }

  /** How many processes were killed so far. */
  get kills(): number {
    return this.#kills;
  }

  get card() {
    return this.simulator.card(CARD.cardToken);
  }

  /** What has happened so far, line by line, for a test that fails. */
  get story(): string {
    return this.#log.join("\n");
  }

  note(text: string): void {
    this.#log.push(`${(this.#aheadMs / 1000).toFixed(1)} s: ${text}`);
  }

  /** Runs a process of the bank to its end. The faults are for its requests only. */
  async live(life: Life, faults: readonly FaultInjection[] = []): Promise<Ended> {
    const { acts, death, killAfterMs, freeze, skewMs = 0 } = life;
    const injected = faults.map((fault) => this.simulator.injectFault(fault));
    const plan: BankPlan = {
      database: this.#database.location,
      baseUrl: this.#server.url,
      token: "user-token",
      card: CARD,
      kioskId: OUR_KIOSK,
      ...this.#timing,
      overdueMs: OVERDUE_MS,
      staleMs: STALE_MS,
      aheadMs: this.#aheadMs + skewMs,
      acts,
      death,
      freeze: freeze?.step,
    };
    const whileFrozen = async () => {
      const from = this.#aheadMs;
      this.note(`${retell(life, faults)}, stands still`);
      await this.#arrival();
      await freeze?.meanwhile();
      return this.#aheadMs - from;
    };
    const ended = await runBank(plan, { killAfterMs, whileFrozen });
    await this.#arrival();
    for (const fault of injected) fault.remove();
    if (ended.wasKilled) this.#kills += 1;
    this.note(retell(life, faults, ended));
    for (const job of await this.jobs()) this.note(`  ${describeJob(job)}`);
    return ended;
  }

  /** What a process has sent arrives before a request that is made later. */
  async #arrival(): Promise<void> {
    await (await fetch(this.#server.url)).text();
  }

  /** Someone else asks a kiosk to print the card. */
  async printByOther(kioskId: string): Promise<void> {
    await this.#request(kioskId, SOMEONE_ELSE);
  }

  /** The kiosk starts to print for a request that it has taken before. */
  async startPrintOf(job: string): Promise<void> {
    await this.#request(OUR_KIOSK, job);
  }

  /** It may meet a fault that is meant for the bank's process. */
  async #request(kioskId: string, correlationId: string): Promise<void> {
    const kiosk = new WiseKioskClient({ ...this.simulator.clientOptions(), maxRetries: 0, timeoutMs: 1000 });
    const request = kiosk.produceCard({ ...CARD, kioskId }, { correlationId });
    const outcome = await request.then(
      ({ status }) => status,
      (error) => (error as Error).name,
    );
    this.note(`a request of ${correlationId} at ${kioskId}: ${outcome}`);
  }

  /** The kiosk ends its print, if there is one. */
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
   * @throws {Error} if that is too far away: then nothing looks after a job.
   */
  async advanceUntilDue(): Promise<void> {
    const now = Date.now() + this.#aheadMs;
    const dues = (await this.jobs()).filter(isOpenPrintJob).map(({ dueAt }) => Date.parse(dueAt ?? ""));
    if (dues.length === 0) return;
    const leftMs = Math.max(0, Math.max(...dues) - now);
    if (!(leftMs <= LONGEST_PAUSE_MS)) throw new Error(`Nothing looks after a job:\n${this.story}`);
    this.advance(leftMs + CLOCK_DIFFERENCE_MS + this.#timing.reconcileWindowMs + 2 * DATE_GRAIN_MS);
  }

  /** Every event that Wise has delivered so far. */
  async events(): Promise<KioskProductionEvent[]> {
    const webhooks = new KioskWebhooks(this.simulator.webhookOptions());
    const { deliveries } = this.simulator;
    const events = await Promise.all(deliveries.map(({ body, headers }) => webhooks.unwrap(body, headers)));
    return events.filter((event) => event.type !== "other");
  }

  /** The jobs as they are stored, the oldest first. */
  async jobs(): Promise<readonly PrintJob[]> {
    return [...new Map((await this.everyWrite()).map((job) => [job.id, job])).values()];
  }

  /** Every job after every write of it, in the order of the writes. */
  everyWrite(): Promise<readonly PrintJob[]> {
    return this.#database.everyWrite();
  }

  /** What Wise has printed, the first print first. */
  get prints(): readonly Print[] {
    const causes = this.simulator.requests.filter((request) => request.method === "PUT" && request.tookEffect);
    const prints: Print[] = [];
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

function failureOfAnHourAgo(): Production {
  const occurredAt = new Date(Date.now() - 60 * 60_000).toISOString();
  return fixtures.production.productionError({ kioskId: OUR_KIOSK, occurredAt });
}
