import type pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { mayHaveTakenEffect, WiseKioskClient } from "wise-card-kiosk";
import { type PostgresDatabase, type PrintJob, PrintJobs, postgresPrintJobStore } from "wise-card-kiosk/print-jobs";
import { createKioskSimulator, type FaultInjection, type KioskSimulator } from "wise-card-kiosk/testing";
import { KioskWebhooks } from "wise-card-kiosk/webhooks";
import { ISOLATION_LEVELS, type PostgresServer, startPostgres, type TestDatabase } from "../support/postgres.js";
import { JOBS, toTimeText } from "../support/print-job-records.js";

const CARD = { profileId: 123456, cardToken: "card" };
const REQUEST = { ...CARD, id: "job-1", kioskId: "WIS00001" };

let server: PostgresServer;
let pool: pg.Pool;
let poolAt: TestDatabase["poolAt"];
beforeAll(async () => {
  server = await startPostgres();
  ({ pool, poolAt } = await server.createPrintJobDatabase());
}, 60_000);
afterAll(() => server.close());

let simulator: KioskSimulator;
beforeEach(() => vi.useFakeTimers({ toFake: ["Date"] }));
afterEach(() => {
  vi.useRealTimers();
});

/** How a statement fails: before it runs, or after it was committed. */
type Failure = "before" | "after commit";

/** Returns a database that fails at the statement with a number, from 1. */
class FailingDatabase implements PostgresDatabase {
  readonly #fails: number;
  readonly #failure: Failure;
  #statements = 0;

  constructor(fails: number, failure: Failure) {
    this.#fails = fails;
    this.#failure = failure;
  }

  get hasFailed(): boolean {
    return this.#statements >= this.#fails;
  }

  async query(text: string, values: unknown[]) {
    this.#statements += 1;
    if (this.#statements !== this.#fails) return pool.query(text, values);
    if (this.#failure === "after commit") await pool.query(text, values);
    throw new Error("Connection terminated unexpectedly");
  }
}

const jobsIn = (database: PostgresDatabase) =>
  new PrintJobs({
    client: new WiseKioskClient(simulator.clientOptions()),
    store: postgresPrintJobStore(database),
    maxReadsPerSecond: 1000,
  });

const prints = () => simulator.card(CARD.cardToken).history.filter(({ status }) => status === "IN_PROGRESS").length;

const advance = (minutes: number) => vi.setSystemTime(Date.now() + minutes * 60_000);

async function newCard(fault?: FaultInjection): Promise<void> {
  await pool.query("truncate wise_print_job");
  simulator = createKioskSimulator({ cards: [CARD] });
  if (fault !== undefined) simulator.injectFault(fault);
}

/** Runs a process once for each statement of the database, each time with a new card and with that statement failing. */
async function failAtEachStatement(
  fault: FaultInjection | undefined,
  prepare: () => Promise<unknown>,
  work: (jobs: PrintJobs) => Promise<unknown>,
  check: (title: string, error: unknown) => Promise<unknown>,
): Promise<number> {
  for (let statement = 1; ; statement += 1) {
    for (const failure of ["before", "after commit"] as const) {
      await newCard(fault);
      await prepare();
      const database = new FailingDatabase(statement, failure);
      const error = await work(jobsIn(database)).then(
        () => undefined,
        (reason) => reason,
      );
      if (!database.hasFailed) return statement - 1;
      await check(`statement ${statement} fails ${failure}`, error);
    }
  }
}

/** Ends a history in healthy processes: sweeps, the kiosk ends its print, its events arrive, and sweeps again. */
async function letEverythingEnd(): Promise<PrintJob> {
  const jobs = jobsIn(pool);
  advance(5);
  await jobs.sweep();
  if (simulator.card(CARD.cardToken).production?.status === "IN_PROGRESS") simulator.card(CARD.cardToken).complete();
  const webhooks = new KioskWebhooks(simulator.webhookOptions());
  for (const { body, headers } of simulator.deliveries) {
    const event = await webhooks.unwrap(body, headers);
    if (event.type !== "other") await jobs.apply(event);
  }
  advance(70);
  expect((await jobs.sweep()).left).toBe(0);
  return (await jobs.get(REQUEST.id)) as PrintJob;
}

const FATES: readonly [string, FaultInjection | undefined][] = [
  ["Wise takes the request", undefined],
  ["Wise takes the request and its response is lost", { operation: "produceCard", fault: "lost-response" }],
  ["the request is lost", { operation: "produceCard", fault: "connection-reset" }],
];

describe("PrintJobs on a failing PostgreSQL", { timeout: 60_000 }, () => {
  it.each(FATES)("prints at most once, whichever statement of print fails, if %s", async (_, fault) => {
    const statements = await failAtEachStatement(
      fault,
      async () => {},
      (jobs) => jobs.print(REQUEST),
      async (title, error) => {
        expect(error, title).toMatchObject({ code: "ERR_PRINT_JOB_STORE" });
        if (!mayHaveTakenEffect(error)) expect(prints(), title).toBe(0);
        // The clerk presses again. If nothing was stored, this is the first print.
        const again = await jobsIn(pool).print(REQUEST);
        expect(again.id).toBe(REQUEST.id);
        const job = await letEverythingEnd();
        expect(prints(), title).toBeLessThanOrEqual(1);
        expect(job.state, title).toBe(prints() === 1 ? "produced" : "not-sent");
      },
    );
    expect(statements).toBeGreaterThanOrEqual(4);
  });

  it("decides a job in the next sweeps, whichever statement of a sweep fails", async () => {
    const statements = await failAtEachStatement(
      undefined,
      async () => {
        // The intent is stored and the request leaves, but its outcome cannot be stored.
        await jobsIn(new FailingDatabase(4, "before"))
          .print(REQUEST)
          .catch(() => {});
        expect((await jobsIn(pool).get(REQUEST.id))?.state).toBe("requested");
        advance(3);
      },
      (jobs) => jobs.sweep(),
      async (title, error) => {
        expect(error, title).toMatchObject({ code: "ERR_PRINT_JOB_STORE" });
        expect((await letEverythingEnd()).state, title).toBe("produced");
        expect(prints(), title).toBe(1);
      },
    );
    expect(statements).toBeGreaterThanOrEqual(4);
  });

  it("applies an event that is delivered again, whichever statement of apply fails", async () => {
    let event: Parameters<PrintJobs["apply"]>[0];
    const statements = await failAtEachStatement(
      undefined,
      async () => {
        await jobsIn(pool).print(REQUEST);
        simulator.card(CARD.cardToken).complete();
        const { body, headers } = simulator.deliveries.at(-1) ?? {};
        event = (await new KioskWebhooks(simulator.webhookOptions()).unwrap(body ?? "", headers ?? {})) as typeof event;
      },
      (jobs) => jobs.apply(event),
      async (title, error) => {
        expect(error, title).toMatchObject({ code: "ERR_PRINT_JOB_STORE" });
        await jobsIn(pool).apply(event);
        expect((await jobsIn(pool).get(REQUEST.id))?.state, title).toBe("produced");
      },
    );
    expect(statements).toBeGreaterThanOrEqual(2);
  });
});

describe("PrintJobs on PostgreSQL", { timeout: 60_000 }, () => {
  it.each(ISOLATION_LEVELS)(
    "prints once if sixteen clerks press at the same time, each in a process of its own, at the isolation level %s",
    async (level) => {
      await newCard();
      const own = poolAt(level);
      const presses = Array.from({ length: 16 }, (_, clerk) => jobsIn(own).print({ ...REQUEST, id: `job-${clerk}` }));
      const results = await Promise.allSettled(presses);
      const printed = results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
      expect(printed.map(({ state }) => state)).toEqual(["accepted"]);
      for (const result of results) {
        if (result.status === "rejected") expect(result.reason).toMatchObject({ job: { id: printed[0]?.id } });
      }
      expect(prints()).toBe(1);
    },
  );

  it("stores a job with the longest texts that a print accepts, whatever their characters", async () => {
    await newCard();
    // Random, because PostgreSQL compresses what it indexes.
    const text = (length: number) =>
      Array.from({ length }, () => String.fromCharCode(0x4e00 + Math.random() * 0x5000)).join("");
    const longest = { ...CARD, id: text(200), cardToken: text(400), kioskId: text(200), requestedBy: text(200) };
    simulator.addCard({ ...CARD, cardToken: longest.cardToken });
    const job = await jobsIn(pool).print(longest);
    expect(job).toMatchObject({ ...longest, profileId: "123456", state: "refused" });
    expect(await jobsIn(pool).jobsOf(longest)).toEqual([job]);
    expect(await jobsIn(pool).list({ kioskId: longest.kioskId })).toEqual([job]);
  });

  it("reads the card of each due job once if four instances sweep at the same time", async () => {
    await newCard();
    vi.setSystemTime(toTimeText(400));
    const store = postgresPrintJobStore(pool);
    const cards = Array.from({ length: 40 }, (_, n) => `card ${n}`);
    for (const cardToken of cards) {
      simulator.addCard({ ...CARD, cardToken }).produce();
      await store.insert({ ...JOBS.accepted, id: cardToken, cardToken });
    }
    const sweeps = await Promise.all(Array.from({ length: 4 }, () => jobsIn(pool).sweep()));
    expect(sweeps.flatMap(({ changed }) => changed.map(({ id }) => id)).sort()).toEqual(cards.toSorted());
    const read = simulator.requests.map(({ path }) => decodeURIComponent(path.split("/")[6] ?? ""));
    expect(read.sort()).toEqual(cards.toSorted());
  });

  it("does not change a job of a later version, and keeps fields that it does not know", async () => {
    await newCard();
    vi.setSystemTime(toTimeText(4000));
    const store = postgresPrintJobStore(pool);
    const later = {
      ...JOBS.accepted,
      format: 2,
      state: "added later",
      addedLater: { deep: [null] },
    } as never as PrintJob;
    await store.insert(later);
    const jobs = jobsIn(pool);
    expect(await jobs.sweep()).toEqual({ changed: [], left: 0 });
    await expect(jobs.print(REQUEST)).resolves.toEqual(later);
    await expect(jobs.print({ ...REQUEST, id: "job-2" })).rejects.toMatchObject({ job: later });
    await expect(jobs.resolve("job-1", { outcome: "failed", by: "anna", reason: "looked" })).rejects.toMatchObject({
      code: "ERR_PRINT_JOB_CONFLICT",
    });
    expect(await jobs.purge({ closedBefore: toTimeText(9000) })).toBe(0);
    expect(await store.get("job-1")).toEqual(later);
    expect(prints()).toBe(0);
  });
});
