import type { Production } from "wise-card-kiosk";
import { isOpenPrintJob, type PrintJob, type PrintJobStore, PrintJobs } from "wise-card-kiosk/print-jobs";
import type { KioskProductionEvent } from "wise-card-kiosk/webhooks";
import type { Dice } from "../dice.js";
import { OTHER_KIOSK, OUR_KIOSK } from "../kiosk-world.js";
import type { HistoryResult, HistoryRules } from "./history-rules.js";
import { type Actor, Interleaving } from "./interleaving.js";
import { ModelledClient } from "./modelled-client.js";
import { createModelledStore, createWatchedDatabase } from "./modelled-store.js";
import { PrintPromises } from "./print-promises.js";
import { HISTORY_BEGINNING, WiseWorld } from "./wise-world.js";

const MODELLED_CARD = { profileId: 123456, cardToken: "card" };
const MOST_JOBS = 3;
const TURNS = 120;

/** Plays one history of a card: processes that print, sweep and take in events, in an order that the dice decide. */
export async function playHistory(rules: HistoryRules, dice: Dice): Promise<HistoryResult> {
  const history = new PrintHistory(rules, dice);
  await history.play();
  return history.result();
}

class PrintHistory {
  readonly #rules: HistoryRules;
  readonly #dice: Dice;
  readonly #world: WiseWorld;
  readonly #turns: Interleaving;
  readonly #promises: PrintPromises;
  readonly #log: string[] = [];
  readonly #clocks: readonly number[];
  readonly #database: PrintJobStore;
  readonly #controllers: AbortController[] = [];
  /** How Wise delivers an event again if the receiver of the webhook dies. */
  readonly #redeliveries = new Map<Actor, () => void>();
  #isQuiet = false;
  #jobs = 0;
  #states: readonly string[] = [];

  constructor(rules: HistoryRules, dice: Dice) {
    this.#rules = rules;
    this.#dice = dice;
    this.#world = new WiseWorld(rules);
    this.#promises = new PrintPromises(this.#world, rules.printWindowMs ?? rules.windowMs);
    this.#world.onPrint = (by) => this.#promises.checkPrint(by);
    this.#database = createWatchedDatabase(rules.ignoresVersions, (job, before) => this.#watchWrite(job, before));
    this.#turns = new Interleaving(this.#world, dice);
    const clock = () => (rules.isSkewed ? dice.pick([-60_000, 0, 60_000]) : 0);
    this.#clocks = [clock(), clock(), clock()];
  }

  result(): HistoryResult {
    return { broken: this.#promises.broken, log: this.#log, states: this.#states };
  }

  async play(): Promise<void> {
    const { othersPrint, mayFreeze, mayGiveUp, personsResolve } = this.#rules;
    if (this.#dice.chance(0.5)) this.#past();
    await this.#print();
    for (let turn = 0; turn < TURNS; turn += 1) {
      const choice = this.#dice.next();
      if (choice < 0.66) await this.#someTurns();
      else if (choice < 0.74) this.#world.advance(this.#dice.pick([300, 1000, 3000, 10_000, 30_000]));
      else if (choice < 0.76) this.#world.advance(mayFreeze ? 130_000 : 15_000);
      else if (choice < 0.81) this.#endPrint();
      else if (choice < 0.87) await this.#deliver();
      else if (choice < 0.91) await this.#sweep(this.#dice.pick([1, 2]));
      else if (choice < 0.925) this.#die();
      else if (choice < 0.955) await this.#print();
      else if (choice < 0.97 && othersPrint) this.#printByHand();
      else if (choice < 0.975 && mayGiveUp) this.#abort();
      else if (personsResolve) await this.#resolve();
    }
    await this.#quieten();
    const jobs = await this.#database.jobsOf({ ...MODELLED_CARD, profileId: "123456" }, 100);
    this.#states = jobs.map(({ state }) => state);
    this.#promises.checkEnd(jobs);
  }

  async #someTurns(): Promise<void> {
    for (let turns = this.#dice.pick([1, 1, 2, 4]); turns > 0; turns -= 1) await this.#turns.turn();
  }

  /** Lets an earlier print fail. Its events may still be on their way. */
  #past(): void {
    this.#world.put("past", this.#dice.chance(0.8) ? OUR_KIOSK : OTHER_KIOSK);
    this.#world.advance(1000 + Math.floor(this.#dice.next() * 200) * 1000);
    this.#world.end("PRODUCTION_ERROR");
    this.#world.advance(this.#dice.pick([this.#rules.lagMs + 1000, 20_000, 200_000]));
    this.#say("someone printed before");
  }

  async #print(): Promise<void> {
    if (this.#jobs >= MOST_JOBS) return;
    this.#jobs += 1;
    const id = `job-${this.#jobs}`;
    const { mayGiveUp, resend, printWindowMs: reconcileWindowMs } = this.#rules;
    const controller = new AbortController();
    this.#controllers.push(controller);
    const signal = mayGiveUp ? controller.signal : undefined;
    const deadlineMs = mayGiveUp && this.#dice.chance(0.3) ? 20_000 : undefined;
    const options = { resend, signal, deadlineMs, reconcileWindowMs };
    await this.#turns.start(id, this.#dice.pick(this.#clocks.slice(0, 2)), (actor) =>
      this.#createProcess(actor).print({ id, ...MODELLED_CARD, kioskId: OUR_KIOSK }, options),
    );
  }

  async #sweep(clock: number): Promise<Actor> {
    return this.#turns.start("sweep", this.#clocks[clock] ?? 0, (actor) => this.#createProcess(actor).sweep());
  }

  /** Delivers an event to the webhook. If that fails, Wise delivers it again later. */
  async #deliver(): Promise<Actor | undefined> {
    const event = this.#world.takeEvent(this.#dice);
    if (event === undefined) return undefined;
    this.#say(`event ${event.status} of ${this.#formatTime(event)}`);
    const deliverAgain = () => void this.#world.events.push(event);
    const deliver = (actor: Actor) => this.#createProcess(actor).apply(this.#toEvent(event)).catch(deliverAgain);
    const webhook = await this.#turns.start("webhook", this.#dice.pick(this.#clocks), deliver);
    this.#redeliveries.set(webhook, deliverAgain);
    return webhook;
  }

  /** Lets a person resolve a job, a minute or more after the last change of the card. */
  async #resolve(): Promise<void> {
    if (this.#world.quietMs < 60_000) return;
    const [job] = (await this.#database.jobsOf({ ...MODELLED_CARD, profileId: "123456" }, 1)).filter(isOpenPrintJob);
    const outcome = job && this.#findTruth(job);
    if (job === undefined || outcome === undefined) return;
    this.#say(`a person says ${outcome}`);
    await this.#turns.start("person", this.#dice.pick(this.#clocks), (actor) =>
      this.#createProcess(actor).resolve(job.id, { outcome, by: "anna", reason: "looked" }),
    );
  }

  #findTruth({ id }: PrintJob): "produced" | "failed" | "not-printed" | undefined {
    const last = this.#world.prints.findLast(({ by }) => by === id);
    if (last !== undefined) return last.end === undefined ? undefined : last.end === "PRODUCED" ? "produced" : "failed";
    return this.#mayStillPrint(id) ? undefined : "not-printed";
  }

  /** Whether a request of the job is on its way, or its process lives and may send one. */
  #mayStillPrint(id: string): boolean {
    return this.#world.coming.some(({ by }) => by === id) || this.#turns.actors.some(({ name }) => name === id);
  }

  #endPrint(): void {
    this.#world.end(this.#dice.chance(0.5) ? "PRODUCED" : "PRODUCTION_ERROR");
  }

  #printByHand(): void {
    const { status } = this.#world.put("hand", this.#dice.chance(0.6) ? OUR_KIOSK : OTHER_KIOSK);
    this.#say(`printed by hand: ${status}`);
  }

  #die(): void {
    const { actors } = this.#turns;
    if (actors.length === 0) return;
    const actor = this.#dice.pick(actors);
    this.#turns.kill(actor);
    this.#redeliveries.get(actor)?.();
    this.#say(`${actor.name} dies`);
  }

  #abort(): void {
    const controller = this.#controllers.at(-1);
    if (controller === undefined || controller.signal.aborted) return;
    controller.abort(new Error("the clerk has left"));
    this.#say("the last print is aborted");
  }

  /** Ends the history: processes finish or die, all events arrive, and sweeps run. */
  async #quieten(): Promise<void> {
    this.#isQuiet = true;
    for (let turn = 0; turn < 400 && this.#turns.actors.length > 0; turn += 1) {
      await this.#turns.turn();
      if (turn % 3 === 0) this.#world.advance(700);
    }
    for (const actor of this.#turns.actors) {
      this.#turns.kill(actor);
      this.#redeliveries.get(actor)?.();
    }
    for (let round = 0; round < 8; round += 1) {
      this.#world.advance(round > 4 ? 4_000_000 : 200_000);
      this.#endPrint();
      while (this.#world.events.length > 0) {
        const webhook = await this.#deliver();
        if (webhook !== undefined) await this.#turns.finish(webhook);
      }
      for (const clock of [1, 2]) await this.#turns.finish(await this.#sweep(clock));
    }
  }

  #createProcess(actor: Actor): PrintJobs {
    const trouble = () => (this.#isQuiet ? { ...this.#rules, readsFail: false } : this.#rules);
    const failures = () => (this.#isQuiet ? 0 : this.#rules.storeFailures);
    return new PrintJobs({
      client: new ModelledClient(this.#world, this.#turns, actor, this.#dice, trouble),
      store: createModelledStore(this.#database, this.#turns, actor, this.#dice, failures),
      maxReadsPerSecond: 1000,
    });
  }

  #toEvent(production: Production): KioskProductionEvent {
    const { occurredAt } = production;
    const cut = this.#rules.wholeSeconds ? (occurredAt?.replace(/\.\d+/, "") ?? null) : occurredAt;
    return {
      type: "cards#card-production-status-change",
      ...MODELLED_CARD,
      clientId: "your-bank",
      production: { ...production, occurredAt: cut },
      subscriptionId: "72195556-e5cb-495e-a010-b37a4f2a3043",
      schemaVersion: this.#rules.wholeSeconds ? "2.0.0" : "4.0.0",
      sentAt: null,
      deliveryId: null,
      isTest: false,
    };
  }

  #watchWrite(job: PrintJob, before: PrintJob | undefined): void {
    this.#promises.checkWrite(job, before);
    if (before?.state === job.state) return;
    this.#say(
      `${job.id}: ${before?.state ?? "new"} -> ${job.state} (${job.evidence}) ${job.history.at(-1)?.note ?? ""}`,
    );
  }

  #say(what: string): void {
    this.#log.push(`${((this.#world.now - HISTORY_BEGINNING) / 1000).toFixed(1)} s: ${what}`);
  }

  #formatTime({ occurredAt }: Production): string {
    return `${((Date.parse(occurredAt ?? "") - HISTORY_BEGINNING) / 1000).toFixed(1)} s`;
  }
}
