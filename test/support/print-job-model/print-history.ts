import type { Production } from "wise-card-kiosk";
import { isOpenPrintJob, type PrintJob, type PrintJobStore, PrintJobs } from "wise-card-kiosk/print-jobs";
import type { KioskProductionEvent } from "wise-card-kiosk/webhooks";
import type { Dice } from "../dice.js";
import { OTHER_KIOSK, OUR_KIOSK } from "../kiosk-world.js";
import { type Actor, Interleaving } from "./interleaving.js";
import { ModelledClient, type RequestFate, type Trouble } from "./modelled-client.js";
import { createModelledStore, createWatchedDatabase } from "./modelled-store.js";
import { HISTORY_BEGINNING, type ModelledPrint, WiseWorld } from "./wise-world.js";

/** What may happen in a history. */
export interface HistoryRules extends Trouble {
  /** Whether clocks of processes are up to a minute ahead of Wise's or behind it. */
  readonly isSkewed: boolean;
  /** Whether processes may stand still for longer than the clocks differ. */
  readonly mayFreeze: boolean;
  /** The probability that a call of the store fails. */
  readonly storeFailures: number;
  /** Whether the store accepts a write of any version, as a broken store may. */
  readonly ignoresVersions: boolean;
  /** Whether someone prints without print jobs. */
  readonly othersPrint: boolean;
  /** Whether events have their times in whole seconds. */
  readonly wholeSeconds: boolean;
  /** Whether calls may send again after a request in doubt. */
  readonly resend: boolean;
  /** Whether prints may have deadlines and may be aborted. */
  readonly mayGiveUp: boolean;
  /** Whether persons resolve jobs. They always state the truth, and nothing if it is not known yet. */
  readonly personsResolve: boolean;
}

/** The result of a history. */
export interface HistoryResult {
  /** The promises that were broken. */
  readonly broken: readonly string[];
  /** What happened, in order. */
  readonly log: readonly string[];
  /** The states of the jobs at the end. */
  readonly states: readonly string[];
}

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
  readonly #log: string[] = [];
  readonly #broken = new Set<string>();
  readonly #clocks: readonly number[];
  readonly #database: PrintJobStore;
  readonly #controllers: AbortController[] = [];
  /** What was known of the card when each job was created: what a read showed, and what the jobs of the card knew. */
  readonly #knownBefore = new Map<string, readonly (Production | null)[]>();
  /** The latest version of each job. */
  readonly #latest = new Map<string, PrintJob>();
  /** How Wise delivers an event again if the receiver of the webhook dies. */
  readonly #redeliveries = new Map<Actor, () => void>();
  #isQuiet = false;
  #jobs = 0;
  #states: readonly string[] = [];

  constructor(rules: HistoryRules, dice: Dice) {
    this.#rules = rules;
    this.#database = createWatchedDatabase(rules.ignoresVersions, (job, before) => this.#checkWrite(job, before));
    this.#dice = dice;
    this.#world = new WiseWorld(rules);
    this.#world.onPrint = (by) => this.#checkPrint(by);
    this.#turns = new Interleaving(this.#world, dice);
    const clock = () => (rules.isSkewed ? dice.pick([-60_000, 0, 60_000]) : 0);
    this.#clocks = [clock(), clock(), clock()];
  }

  result(): HistoryResult {
    return { broken: [...this.#broken], log: this.#log, states: this.#states };
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
    await this.#checkEnd();
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
    const { mayGiveUp, resend } = this.#rules;
    const controller = new AbortController();
    this.#controllers.push(controller);
    const signal = mayGiveUp ? controller.signal : undefined;
    const deadlineMs = mayGiveUp && this.#dice.chance(0.3) ? 20_000 : undefined;
    await this.#turns.start(id, this.#dice.pick(this.#clocks.slice(0, 2)), (actor) =>
      this.#createProcess(actor).print({ id, ...MODELLED_CARD, kioskId: OUR_KIOSK }, { resend, signal, deadlineMs }),
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

  /** Checks that nothing known when the job was created forbade to print the card. */
  #checkPrint(by: string): void {
    for (const known of this.#knownBefore.get(by) ?? []) {
      if (known?.status === "PRODUCED") this.#flag("printed a card that was known to be produced");
      const toSecond = (occurredAt: string | null = null) => occurredAt?.slice(0, 19);
      const print = this.#world.prints.find(({ occurredAt }) => toSecond(occurredAt) === toSecond(known?.occurredAt));
      const isOver = print?.end !== undefined;
      if (known?.status === "IN_PROGRESS" && !isOver) this.#flag("printed a card that was known to be in progress");
    }
  }

  /** Checks that the state of a job is true when it is written. */
  #checkWrite(job: PrintJob, before: PrintJob | undefined): void {
    this.#latest.set(job.id, job);
    if ([...this.#latest.values()].filter(isOpenPrintJob).length > 1) this.#flag("two jobs of the card are open");
    if (before === undefined) {
      const known = [...this.#latest.values()].flatMap((one) => [one.known, one.production]);
      this.#knownBefore.set(job.id, [this.#world.visible, ...known]);
    }
    if (before?.state === job.state) return;
    this.#say(
      `${job.id}: ${before?.state ?? "new"} -> ${job.state} (${job.evidence}) ${job.history.at(-1)?.note ?? ""}`,
    );
    if (job.evidence === "person") return;
    const own = this.#world.prints.filter(({ by }) => by === job.id);
    const isComing = this.#world.coming.some(({ by }) => by === job.id);
    const ended = (end: ModelledPrint["end"]) => this.#world.prints.some((print) => print.end === end);
    if (job.state === "not-sent" || job.state === "refused") {
      if (own.length > 0 || isComing) this.#flag(`${job.state} wrong`);
    } else if (job.state === "failed") {
      if (own.length > 0 && own.at(-1)?.end !== "PRODUCTION_ERROR") this.#flag("failed wrong");
      else if (own.length === 0 && !(job.adopted && ended("PRODUCTION_ERROR"))) this.#flag("failed foreign");
    } else if (job.state === "produced") {
      if (!ended("PRODUCED")) this.#flag("produced wrong");
      else if (!job.adopted && !own.some(({ end }) => end === "PRODUCED")) this.#flag("produced foreign");
    }
    if (before !== undefined && ["produced", "refused"].includes(before.state)) this.#flag("a final state changed");
  }

  async #checkEnd(): Promise<void> {
    const { prints } = this.#world;
    const jobs = await this.#database.jobsOf({ ...MODELLED_CARD, profileId: "123456" }, 100);
    this.#states = jobs.map(({ state }) => state);
    for (const [index, job] of jobs.entries()) {
      const own = prints.filter(({ by }) => by === job.id);
      if (own.length > 1) this.#flag("two prints of one job");
      if (isOpenPrintJob(job)) this.#flag(`still ${job.state}`);
      if (job.evidence === "person") continue;
      if (job.state === "not-sent" && own.length > 0 && index === 0) this.#flag("not-sent at the end, but printed");
      if (job.state === "failed" && own.at(-1)?.end === "PRODUCED") this.#flag("failed at the end, but produced");
    }
    if (prints.filter(({ end }) => end === "PRODUCED").length > 1) this.#flag("two good cards");
  }

  #flag(promise: string): void {
    this.#broken.add(promise);
  }

  #say(what: string): void {
    this.#log.push(`${((this.#world.now - HISTORY_BEGINNING) / 1000).toFixed(1)} s: ${what}`);
  }

  #formatTime({ occurredAt }: Production): string {
    return `${((Date.parse(occurredAt ?? "") - HISTORY_BEGINNING) / 1000).toFixed(1)} s`;
  }
}

/** The usual fates of requests: at most a late arrival, and never a request that is created but not started. */
export const USUAL_FATES: readonly RequestFate[] = [
  "responded",
  "response lost",
  "lost",
  "late",
  "responded",
  "not connected",
  "rejected",
  "refused",
];
