import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { createFolderDatabase, createPostgresDatabase, type LastingDatabase } from "../support/bank-databases.js";
import type { StoreDefect } from "../support/bank-plan.js";
import { DEATHS, playDeath, WISES } from "../support/death-matrix.js";
import { type PostgresServer, startPostgres } from "../support/postgres.js";
import { type PlayedHistory, playRandomDeaths } from "../support/random-deaths.js";

vi.setConfig({ maxConcurrency: 3 });

let postgres: PostgresServer;

beforeAll(async () => {
  postgres = await startPostgres();
});

afterAll(() => postgres.close());

describe.concurrent("a print whose process is killed at a step", () => {
  const cells = DEATHS.flatMap((step) => WISES.map((wise) => [step.title, wise.title, step, wise] as const));

  it.each(cells)(
    "prints at most once and reports only true states if its process is killed %s, and Wise %s",
    async (_step, _wise, step, wise) => playDeath(step, wise, await createFolderDatabase()),
  );

  it.each(cells.filter((_, index) => index % 7 === 0))(
    "prints at most once and reports only true states if its process is killed %s, Wise %s, and the jobs are in PostgreSQL",
    async (_step, _wise, step, wise) => playDeath(step, wise, await createPostgresDatabase(postgres)),
  );

  it("reports not-sent for a printed card if the store loses intents, so that this proof can fail", async () => {
    const step = DEATHS.find(({ title }) => title === "in flight");
    const wise = WISES.find(({ title }) => title === "took it");
    if (step === undefined || wise === undefined) throw new Error("The matrix has no such cell.");
    const history = playDeath(step, wise, await createFolderDatabase(), "loses intents");
    await expect(history).rejects.toThrow("job-1 not-sent");
  });
});

describe("prints in random histories in which processes are killed", () => {
  /** The first seed: `DEATH_SEED=… npm run test:proofs` plays other histories. */
  const FIRST_SEED = Number(process.env["DEATH_SEED"] ?? 20_260_101);
  /** How many histories a test plays. */
  const SEEDS = 40;
  /** How many kills a test needs, for more than 300 in the seven tests. Some histories kill no process, and some kill several. */
  const FEWEST_KILLS = 50;
  const toSeeds = (shard: number): [number, number] => [
    FIRST_SEED + shard * SEEDS,
    FIRST_SEED + (shard + 1) * SEEDS - 1,
  ];

  it.each([0, 1, 2, 3, 4, 5].map(toSeeds))(
    "print at most once and report only true states with the seeds %i to %i",
    async (first, last) => expectPromisesKept(first, last, createFolderDatabase),
  );

  it.each([toSeeds(6)])(
    "print at most once and report only true states in PostgreSQL with the seeds %i to %i",
    async (first, last) => expectPromisesKept(first, last, () => createPostgresDatabase(postgres)),
  );

  it("report not-sent for a printed card if the store loses intents, so that this proof can fail", async () => {
    const { broken } = await playHistories(FIRST_SEED, FIRST_SEED + SEEDS - 1, createFolderDatabase, "loses intents");
    expect(broken.join("\n\n")).toMatch(/^wrong: job-\d+ not-sent/m);
  });

  async function expectPromisesKept(first: number, last: number, openDatabase: () => Promise<LastingDatabase>) {
    const { broken, kills } = await playHistories(first, last, openDatabase);
    expect(broken.join("\n\n")).toBe("");
    expect(kills).toBeGreaterThanOrEqual(FEWEST_KILLS);
  }

  async function playHistories(
    first: number,
    last: number,
    openDatabase: () => Promise<LastingDatabase>,
    storeDefect?: StoreDefect,
  ): Promise<PlayedHistory> {
    const broken: string[] = [];
    let kills = 0;
    let next = first;
    const play = async () => {
      while (next <= last) {
        const seed = next;
        next += 1;
        const history = await playRandomDeaths(seed, await openDatabase(), storeDefect);
        broken.push(...history.broken);
        kills += history.kills;
      }
    };
    await Promise.all([play(), play(), play()]);
    return { broken, kills };
  }
});
