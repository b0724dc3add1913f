import { isOpenPrintJob, type PrintJob } from "wise-card-kiosk/print-jobs";
import { type FaultInjection, fixtures } from "wise-card-kiosk/testing";
import { type KioskProductionEvent, KioskWebhooks } from "wise-card-kiosk/webhooks";
import type { LastingDatabase } from "./bank-databases.js";
import type { BankAct } from "./bank-plan.js";
import { BANK_TIMEOUT_MS, BankWorld, type BankWorldOptions, type Life } from "./bank-world.js";
import { Dice } from "./dice.js";
import { findBrokenPromises } from "./find-broken-promises.js";
import { OTHER_KIOSK, OUR_KIOSK } from "./kiosk-world.js";

/** The result of a random history. */
export interface PlayedHistory {
  readonly kills: number;
  /** The promises that were broken, with the seed and the story; empty if none was. */
  readonly broken: readonly string[];
}

/** The maximum number of sweeps at the end of a history. */
const MAX_SWEEPS = 6;

/** How much longer the reconcile window is than the lag of reads. A request is late by no more than this and its timeout. */
const WINDOW_MARGIN_MS = 1000;
const LONGEST_DELAY_MS = BANK_TIMEOUT_MS;

/** Errors that may occur. Any other error breaks a promise. */
const EXPECTED_ERRORS = ["ERR_PRINT_JOB_CONFLICT"];

/** Plays a random history of up to four processes that may be killed, and then sweeps until every job has ended. */
export async function playRandomDeaths(seed: number, database: LastingDatabase): Promise<PlayedHistory> {
  const dice = new Dice(seed);
  const options = chooseWorld(dice);
  await using world = await BankWorld.open(database, options);
  const history = new RandomHistory(world, dice);
  const broken = await history.play();
  const story = `seed ${seed}, ${JSON.stringify(options)}\n${world.story}`;
  return { kills: world.kills, broken: broken.map((promise) => `${promise}\n${story}`) };
}

function chooseWorld(dice: Dice): BankWorldOptions {
  const readLagMs = dice.pick([0, 0, 300, 1000]);
  const produced = dice.pick(["accept", "REQUEST_ALREADY_EXISTS"]);
  return {
    hasFailedBefore: dice.chance(0.3),
    reconcileWindowMs: readLagMs + WINDOW_MARGIN_MS,
    simulator: {
      readLagMs,
      webhooks: { schemaVersion: dice.pick(["2.0.0", "4.0.0"]) },
      assumptions: {
        produceWhileInProgress: produced,
        produceAfterProduced: produced,
        decideByLaggingState: dice.chance(0.3),
        occurredAtOfResult: dice.pick(["sent", "sent", "result"]),
        refusalIsRead: dice.chance(0.2),
      },
    },
  };
}

class RandomHistory {
  readonly #world: BankWorld;
  readonly #dice: Dice;
  readonly #errors: string[] = [];
  #prints = 0;
  #hasBlindSweeps = false;
  #hasOthers = false;

  constructor(world: BankWorld, dice: Dice) {
    this.#world = world;
    this.#dice = dice;
  }

  /** Plays the history. Returns the promises that were broken. */
  async play(): Promise<string[]> {
    const world = this.#world;
    const dice = this.#dice;
    if (dice.chance(0.15)) await this.#printByOther(dice.pick([OUR_KIOSK, OTHER_KIOSK]));
    const rounds = 2 + dice.below(3);
    for (let round = 0; round < rounds; round += 1) {
      await this.#live(round === 0);
      await this.#pass();
    }
    // Requests that are late arrive before the kiosk ends its last print.
    world.advance(LONGEST_DELAY_MS);
    world.end(dice.pick(["PRODUCED", "PRODUCTION_ERROR"]));
    for (let sweep = 0; sweep < MAX_SWEEPS && (await this.#listOpenJobs()).length > 0; sweep += 1) {
      await world.advanceUntilDue();
      await this.#run({ acts: [{ do: "sweep" }] });
    }
    await this.#run({ acts: [this.#createPrint()] });
    return [...this.#errors, ...(await findBrokenPromises(world, await this.#mayBeUnresolved()))];
  }

  /** Runs one process, or two at the same time, which may be killed. */
  async #live(isFirst: boolean): Promise<void> {
    const dice = this.#dice;
    const acts = isFirst ? [this.#createPrint()] : await this.#chooseActs();
    const life = { acts, skewMs: this.#chooseSkew(), ...this.#chooseDeath() };
    const beside = dice.chance(0.2) ? [{ acts: await this.#chooseActs(), skewMs: this.#chooseSkew() }] : [];
    const faults = this.#chooseFaults();
    await Promise.all([this.#run(life, faults), ...beside.map((other) => this.#run(other))]);
  }

  /** Lets time pass, and maybe something happen at the kiosk. */
  async #pass(): Promise<void> {
    const world = this.#world;
    const dice = this.#dice;
    if (dice.chance(0.4)) world.end(dice.pick(["PRODUCED", "PRODUCTION_ERROR"]));
    if (dice.chance(0.1)) await this.#printByOther(OTHER_KIOSK);
    const passed = dice.pick(["nothing", "a second", "half a minute", "until due", "until due", "until due"]);
    if (passed === "until due") await world.advanceUntilDue();
    else world.advance({ nothing: 0, "a second": 1000, "half a minute": 30_000 }[passed]);
  }

  async #run(life: Life, faults?: readonly FaultInjection[]): Promise<void> {
    const { results } = await this.#world.live(life, faults);
    for (const result of results) {
      if ("error" in result && !EXPECTED_ERRORS.includes(result.error)) this.#errors.push(`error: ${result.error}`);
    }
  }

  async #printByOther(kioskId: string): Promise<void> {
    this.#hasOthers = true;
    await this.#world.printByOther(kioskId);
  }

  #createPrint(): BankAct {
    this.#prints += 1;
    return { do: "print", id: `job-${this.#prints}` };
  }

  async #chooseActs(): Promise<BankAct[]> {
    const acts: BankAct[] = [];
    for (const event of this.#dice.some(await this.#listEvents(), 0.3)) acts.push({ do: "apply", event });
    if (this.#dice.chance(0.7)) acts.push({ do: "sweep" });
    if (this.#dice.chance(0.3)) acts.push(...(await this.#chooseResolutions()));
    if (this.#dice.chance(0.2)) acts.push({ do: "print", id: `job-${this.#prints}` });
    if (this.#dice.chance(0.4)) acts.push(this.#createPrint());
    return acts;
  }

  /** Returns the resolutions by a person who has checked the kiosk. */
  async #chooseResolutions(): Promise<BankAct[]> {
    const { prints, card } = this.#world;
    if (card.production?.status === "IN_PROGRESS") return [];
    return (await this.#listOpenJobs()).map(({ id }) => {
      const end = prints.findLast(({ job }) => job === id)?.end;
      const outcome = end === undefined ? "not-printed" : end === "PRODUCED" ? "produced" : "failed";
      return { do: "resolve", id, resolution: { outcome, by: "anna", reason: "I have looked" } };
    });
  }

  /** Returns every event that Wise has delivered so far. */
  async #listEvents(): Promise<KioskProductionEvent[]> {
    const { simulator } = this.#world;
    const webhooks = new KioskWebhooks(simulator.webhookOptions());
    const events = await Promise.all(simulator.deliveries.map(({ body, headers }) => webhooks.unwrap(body, headers)));
    return events.filter((event) => event.type !== "other");
  }

  #chooseSkew(): number {
    return this.#dice.pick([0, 0, -60_000, -30_000, 30_000, 60_000]);
  }

  #chooseDeath(): Pick<Life, "death" | "killAfterMs"> {
    if (this.#dice.chance(0.1)) return {};
    if (this.#dice.chance(0.15)) return { killAfterMs: 100 + this.#dice.below(250) };
    return { death: { at: "any step", nth: 1 + this.#dice.below(14) } };
  }

  #chooseFaults(): FaultInjection[] {
    const dice = this.#dice;
    const puts = dice.some([1, 2], 0.6).map(() => ({ operation: "produceCard", ...this.#chooseFate() }) as const);
    if (!dice.chance(0.1)) return puts;
    this.#hasBlindSweeps = true;
    const httpStatus = dice.pick([401, 403, 404]);
    return [...puts, { operation: "getProductionStatus", fault: { httpStatus } }];
  }

  #chooseFate(): Pick<FaultInjection, "fault" | "takesEffect"> {
    const dice = this.#dice;
    const takesEffect = dice.chance(0.5);
    return dice.pick<() => Pick<FaultInjection, "fault" | "takesEffect">>([
      () => ({ fault: { httpStatus: 504 }, takesEffect }),
      () => ({ fault: { httpStatus: 503, headers: { "retry-after": "0" } }, takesEffect }),
      () => ({ fault: "connection-reset", takesEffect }),
      () => ({ fault: "timeout", takesEffect }),
      () => ({ fault: "lost-response" }),
      () => ({ fault: "truncated-body" }),
      () => ({ fault: { arrivesAfterMs: dice.below(LONGEST_DELAY_MS) } }),
      () => ({ fault: { arrivesAfterMs: dice.below(LONGEST_DELAY_MS) } }),
      () => ({ fault: { httpStatus: 429, headers: { "retry-after": "0" } } }),
      () => ({ fault: { httpStatus: 401, body: { error: "invalid_token" } } }),
      () => ({ fault: fixtures.error.requestError({ body: { errorCode: "UNABLE_TO_ACCEPT_REQUEST" } }) }),
    ])();
  }

  async #listOpenJobs(): Promise<readonly PrintJob[]> {
    return (await this.#world.listJobs()).filter(isOpenPrintJob);
  }

  /**
   * Returns whether the table of states has a reason for `unresolved`: reads that fail, prints of someone else, a request that Wise says
   * exists, or no news for too long.
   */
  async #mayBeUnresolved(): Promise<boolean> {
    if (this.#hasBlindSweeps || this.#hasOthers) return true;
    const bodies = this.#world.simulator.requests.map(({ response }) => response?.body ?? "");
    if (bodies.some((body) => body.includes("REQUEST_ALREADY_EXISTS"))) return true;
    const notes = (await this.#world.listJobs()).flatMap(({ history }) => history.map(({ note }) => note));
    return notes.includes("No news of the print arrived in time.");
  }
}
