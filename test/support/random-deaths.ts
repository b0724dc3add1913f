import { isOpenPrintJob, type PrintJob } from "wise-card-kiosk/print-jobs";
import { type FaultInjection, fixtures } from "wise-card-kiosk/testing";
import type { LastingDatabase } from "./bank-databases.js";
import type { BankAct, StepOfMany, StoreDefect } from "./bank-plan.js";
import type { Life } from "./bank-story.js";
import { BankWorld, type BankWorldOptions } from "./bank-world.js";
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

/** The limit for one attempt of a request, in milliseconds. */
const BANK_TIMEOUT_MS = 2000;

/** The longest delay of a request. It is certainly over later: 5 s and the limit of the attempt after its intent. */
const LONGEST_DELAY_MS = 5000;

/** How much longer the reconcile window is than the lag of reads. */
const WINDOW_MARGIN_MS = 1000;

/** Errors that may occur. Any other error breaks a promise. */
const EXPECTED_ERRORS = ["ERR_PRINT_JOB_CONFLICT"];

/** Plays a random history of a few processes, which may be killed or frozen. Then it sweeps until every job has ended. */
export async function playRandomDeaths(
  seed: number,
  database: LastingDatabase,
  storeDefect?: StoreDefect,
): Promise<PlayedHistory> {
  const dice = new Dice(seed);
  const options = { ...chooseWorld(dice), storeDefect };
  await using world = await BankWorld.open(database, options);
  const broken = await new RandomHistory(world).play(dice);
  const story = `seed ${seed}, ${JSON.stringify(options)}\n${world.story}`;
  return { kills: world.kills, broken: broken.map((promise) => `${promise}\n${story}`) };
}

function chooseWorld(dice: Dice): BankWorldOptions {
  const readLagMs = dice.pick([0, 0, 300, 1000]);
  const produced = dice.pick(["accept", "REQUEST_ALREADY_EXISTS"]);
  return {
    hasFailedBefore: dice.chance(0.3),
    reconcileWindowMs: readLagMs + WINDOW_MARGIN_MS,
    timeoutMs: BANK_TIMEOUT_MS,
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
  readonly #errors: string[] = [];
  #prints = 0;
  #hasBlindSweeps = false;
  #hasOthers = false;

  constructor(world: BankWorld) {
    this.#world = world;
  }

  /** Plays the history. Returns the promises that were broken. */
  async play(dice: Dice): Promise<string[]> {
    const world = this.#world;
    if (dice.chance(0.15)) {
      await this.#printByOther(dice.pick([OUR_KIOSK, OTHER_KIOSK]));
      // A print that the first read does not show cannot be distinguished from that of the job.
      world.advance(world.simulator.readLagMs);
    }
    const rounds = 2 + dice.below(4);
    for (let round = 0; round < rounds; round += 1) {
      await this.#live(dice, round === 0);
      await this.#pass(dice);
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

  /** Runs one process, or two at the same time. */
  async #live(dice: Dice, isFirst: boolean): Promise<void> {
    const acts = isFirst ? [this.#createPrint()] : await this.#chooseActs(dice);
    const life = this.#chooseLife(dice, acts);
    const beside = dice.chance(0.2) ? [this.#chooseLife(dice, await this.#chooseActs(dice))] : [];
    const faults = this.#chooseFaults(dice);
    await Promise.all([this.#run(life, faults), ...beside.map((other) => this.#run(other))]);
  }

  #chooseLife(dice: Dice, acts: readonly BankAct[]): Life {
    const life = { acts, skewMs: dice.pick([0, 0, -60_000, -30_000, 30_000, 60_000]) };
    const step: StepOfMany = { at: "any step", nth: 1 + dice.below(12) };
    if (dice.chance(0.05)) return life;
    if (dice.chance(0.1)) return { ...life, killAfterMs: 100 + dice.below(250) };
    if (!dice.chance(0.15)) return { ...life, death: step };
    // Two processes run at the same time in any order, which must not change the other choices of a seed.
    const ownDice = dice.another();
    return { ...life, freeze: { step, meanwhile: () => this.#meanwhile(ownDice) } };
  }

  /** Lets time pass, and maybe another process run, while a process is frozen. */
  async #meanwhile(dice: Dice): Promise<void> {
    await this.#pass(dice);
    if (dice.chance(0.8)) await this.#run({ acts: await this.#chooseActs(dice) });
  }

  /** Lets time pass, and maybe something happen at the kiosk. */
  async #pass(dice: Dice): Promise<void> {
    const world = this.#world;
    if (dice.chance(0.4)) world.end(dice.pick(["PRODUCED", "PRODUCTION_ERROR"]));
    if (dice.chance(0.1)) await this.#printByOther(OTHER_KIOSK);
    const seconds = dice.pick([0, 1, 5, 30, undefined, undefined, undefined, undefined]);
    if (seconds === undefined) await world.advanceUntilDue();
    else world.advance(seconds * 1000);
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

  async #chooseActs(dice: Dice): Promise<BankAct[]> {
    const acts: BankAct[] = [];
    for (const event of dice.some(await this.#world.listEvents(), 0.3)) acts.push({ do: "apply", event });
    if (dice.chance(0.7)) acts.push({ do: "sweep" });
    if (dice.chance(0.3)) acts.push(...(await this.#listResolutions()));
    if (dice.chance(0.2)) acts.push({ do: "print", id: `job-${this.#prints}` });
    if (dice.chance(0.4)) acts.push(this.#createPrint());
    return acts;
  }

  /** Returns the resolutions by a person who has checked the kiosk. The request of a `requested` job may still be under way. */
  async #listResolutions(): Promise<BankAct[]> {
    const { prints, card } = this.#world;
    if (card.production?.status === "IN_PROGRESS") return [];
    const jobs = (await this.#listOpenJobs()).filter(({ state }) => state !== "requested");
    return jobs.flatMap(({ id }) => {
      const print = prints.findLast(({ job }) => job === id);
      // The print of someone else replaced this one. No one knows how it ended.
      if (print !== undefined && print.end === undefined) return [];
      const outcome = print === undefined ? "not-printed" : print.end === "PRODUCED" ? "produced" : "failed";
      return [{ do: "resolve", id, resolution: { outcome, by: "anna", reason: "I have looked" } }];
    });
  }

  #chooseFaults(dice: Dice): FaultInjection[] {
    const puts = dice.some([1, 2], 0.6).map(() => ({ operation: "produceCard", ...chooseFate(dice) }) as const);
    if (!dice.chance(0.1)) return puts;
    this.#hasBlindSweeps = true;
    const httpStatus = dice.pick([401, 403, 404]);
    return [...puts, { operation: "getProductionStatus", fault: { httpStatus } }];
  }

  async #listOpenJobs(): Promise<readonly PrintJob[]> {
    return (await this.#world.listJobs()).filter(isOpenPrintJob);
  }

  /**
   * Returns whether the table of states has a reason for `unresolved`: reads that fail, prints of someone else, a request that
   * Wise says exists, or no news for too long.
   */
  async #mayBeUnresolved(): Promise<boolean> {
    if (this.#hasBlindSweeps || this.#hasOthers) return true;
    const bodies = this.#world.simulator.requests.map(({ response }) => response?.body ?? "");
    if (bodies.some((body) => body.includes("REQUEST_ALREADY_EXISTS"))) return true;
    const notes = (await this.#world.listJobs()).flatMap(({ history }) => history.map(({ note }) => note));
    return notes.includes("No news of the print arrived in time.");
  }
}

function chooseFate(dice: Dice): Pick<FaultInjection, "fault" | "takesEffect"> {
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
