import { isOpenPrintJob, type PrintJob } from "wise-card-kiosk/print-jobs";
import { type FaultInjection, fixtures } from "wise-card-kiosk/testing";
import type { LastingDatabase } from "./bank-databases.js";
import type { BankAct, StepOfMany } from "./bank-plan.js";
import type { Life } from "./bank-story.js";
import { brokenPromises } from "./bank-verdict.js";
import { BankWorld, type BankWorldOptions, OTHER_KIOSK, OUR_KIOSK } from "./bank-world.js";
import { Dice } from "./dice.js";

/** What came of a random history. */
export interface PlayedHistory {
  readonly kills: number;
  /** The promises that were broken, with the seed and the story; empty if none was. */
  readonly broken: readonly string[];
}

/** How often the rest of a history is swept at most. */
const MOST_SWEEPS = 6;

/** The limit for one attempt. */
const TIMEOUT_MS = 2000;

/** How late a request arrives at most: before it is certainly over, which is 5 s and its limit after its intent. */
const LONGEST_DELAY_MS = 5000;

/** How much longer the reconcile window is than the lag of reads. */
const WINDOW_MARGIN_MS = 1000;

/** Errors that a clerk or a person may get. Any other is a fault. */
const EXPECTED_ERRORS = ["ERR_PRINT_JOB_CONFLICT"];

/**
 * Plays a random history of a few processes, which may be killed or stand still for a while. Then it sweeps until every job has
 * ended.
 */
export async function playRandomDeaths(seed: number, database: LastingDatabase): Promise<PlayedHistory> {
  const dice = new Dice(seed);
  const options = randomWorld(dice);
  await using world = await BankWorld.open(database, options);
  const broken = await new RandomHistory(world).play(dice);
  const story = `seed ${seed}, ${JSON.stringify(options)}\n${world.story}`;
  return { kills: world.kills, broken: broken.map((promise) => `${promise}\n${story}`) };
}

function randomWorld(dice: Dice): BankWorldOptions {
  const readLagMs = dice.pick([0, 0, 300, 1000]);
  const produced = dice.pick(["accept", "REQUEST_ALREADY_EXISTS"]);
  return {
    hasFailedBefore: dice.chance(0.3),
    reconcileWindowMs: readLagMs + WINDOW_MARGIN_MS,
    timeoutMs: TIMEOUT_MS,
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

  /** Returns the promises that were broken. */
  async play(dice: Dice): Promise<string[]> {
    const world = this.#world;
    if (dice.chance(0.15)) {
      await this.#printByOther(dice.pick([OUR_KIOSK, OTHER_KIOSK]));
      // A print that the first read does not show cannot be told from that of the job.
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
    for (let sweep = 0; sweep < MOST_SWEEPS && (await this.#openJobs()).length > 0; sweep += 1) {
      await world.advanceUntilDue();
      await this.#run({ acts: [{ do: "sweep" }] });
    }
    await this.#run({ acts: [this.#newPrint()] });
    return [...this.#errors, ...(await brokenPromises(world, await this.#mayBeUnresolved()))];
  }

  /** One process runs, or two at the same time. */
  async #live(dice: Dice, isFirst: boolean): Promise<void> {
    const acts = isFirst ? [this.#newPrint()] : await this.#randomActs(dice);
    const life = this.#randomLife(dice, acts);
    const beside = dice.chance(0.2) ? [this.#randomLife(dice, await this.#randomActs(dice))] : [];
    const faults = this.#randomFaults(dice);
    await Promise.all([this.#run(life, faults), ...beside.map((other) => this.#run(other))]);
  }

  #randomLife(dice: Dice, acts: readonly BankAct[]): Life {
    const life = { acts, skewMs: dice.pick([0, 0, -60_000, -30_000, 30_000, 60_000]) };
    const step: StepOfMany = { at: "any step", nth: 1 + dice.below(12) };
    if (dice.chance(0.05)) return life;
    if (dice.chance(0.1)) return { ...life, killAfterMs: 100 + dice.below(250) };
    if (!dice.chance(0.15)) return { ...life, death: step };
    // Two processes run at the same time in any order, which must not change what the same seed leads to.
    const ownDice = dice.another();
    return { ...life, freeze: { step, meanwhile: () => this.#meanwhile(ownDice) } };
  }

  /** What happens while a process stands still. */
  async #meanwhile(dice: Dice): Promise<void> {
    await this.#pass(dice);
    if (dice.chance(0.8)) await this.#run({ acts: await this.#randomActs(dice) });
  }

  /** Time passes, and something may happen at the kiosk. */
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

  #newPrint(): BankAct {
    this.#prints += 1;
    return { do: "print", id: `job-${this.#prints}` };
  }

  async #randomActs(dice: Dice): Promise<BankAct[]> {
    const acts: BankAct[] = [];
    for (const event of dice.some(await this.#world.events(), 0.3)) acts.push({ do: "apply", event });
    if (dice.chance(0.7)) acts.push({ do: "sweep" });
    if (dice.chance(0.3)) acts.push(...(await this.#truth()));
    if (dice.chance(0.2)) acts.push({ do: "print", id: `job-${this.#prints}` });
    if (dice.chance(0.4)) acts.push(this.#newPrint());
    return acts;
  }

  /** What a person says who has looked into the machine. As long as a job is `requested`, its request may still be under way. */
  async #truth(): Promise<BankAct[]> {
    const { prints, card } = this.#world;
    if (card.production?.status === "IN_PROGRESS") return [];
    const jobs = (await this.#openJobs()).filter(({ state }) => state !== "requested");
    return jobs.map(({ id }) => {
      const end = prints.findLast(({ job }) => job === id)?.end;
      const outcome = end === undefined ? "not-printed" : end === "PRODUCED" ? "produced" : "failed";
      return { do: "resolve", id, resolution: { outcome, by: "anna", reason: "I have looked" } };
    });
  }

  #randomFaults(dice: Dice): FaultInjection[] {
    const puts = dice.some([1, 2], 0.6).map(() => ({ operation: "produceCard", ...randomFate(dice) }) as const);
    if (!dice.chance(0.1)) return puts;
    this.#hasBlindSweeps = true;
    const httpStatus = dice.pick([401, 403, 404]);
    return [...puts, { operation: "getProductionStatus", fault: { httpStatus } }];
  }

  async #openJobs(): Promise<readonly PrintJob[]> {
    return (await this.#world.jobs()).filter(isOpenPrintJob);
  }

  /**
   * Whether the table of states has a reason for `unresolved`: reads that fail, prints of someone else, a request that Wise says
   * exists, or no news for too long.
   */
  async #mayBeUnresolved(): Promise<boolean> {
    if (this.#hasBlindSweeps || this.#hasOthers) return true;
    const bodies = this.#world.simulator.requests.map(({ response }) => response?.body ?? "");
    if (bodies.some((body) => body.includes("REQUEST_ALREADY_EXISTS"))) return true;
    const notes = (await this.#world.jobs()).flatMap(({ history }) => history.map(({ note }) => note));
    return notes.includes("There was no news for too long.");
  }
}

function randomFate(dice: Dice): Pick<FaultInjection, "fault" | "takesEffect"> {
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
