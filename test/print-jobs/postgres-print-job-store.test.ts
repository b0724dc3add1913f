import type pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  memoryPrintJobStore,
  type PostgresDatabase,
  type PrintJob,
  postgresPrintJobStore,
} from "wise-card-kiosk/print-jobs";
import { checkPrintJobStore } from "wise-card-kiosk/testing";
import { ISOLATION_LEVELS, type PostgresServer, startPostgres, waitUntilBlocked } from "../support/postgres.js";
import { REQUESTED_JOB } from "../support/print-job-records.js";

const LONGEST = 60_000;

let server: PostgresServer;
let pool: pg.Pool;
beforeAll(async () => {
  server = await startPostgres();
  ({ pool } = await server.createPrintJobDatabase());
}, LONGEST);
beforeEach(() => pool.query("truncate wise_print_job"));
afterAll(() => server.close());

const CARD = { profileId: REQUESTED_JOB.profileId, cardToken: REQUESTED_JOB.cardToken };
const NOT_SENT = { state: "not-sent", dueAt: null } as const;

const jobWith = (id: string, given: Partial<PrintJob> = {}): PrintJob => ({ ...REQUESTED_JOB, id, ...given });
const next = (job: PrintJob, given: Partial<PrintJob>): PrintJob => ({ ...job, ...given, version: job.version + 1 });
const ids = (jobs: readonly PrintJob[]) => jobs.map(({ id }) => id);

/** Calls `before` with the number of each statement, from 1, before the statement runs. */
function interrupted(database: PostgresDatabase, before: (statement: number) => unknown): PostgresDatabase {
  let statements = 0;
  return {
    async query(text, values) {
      statements += 1;
      await before(statements);
      return database.query(text, values);
    },
  };
}

describe("checkPrintJobStore", { timeout: LONGEST }, () => {
  it("finds every promise kept by memoryPrintJobStore", async () => {
    await checkPrintJobStore(memoryPrintJobStore);
  });

  it.each(ISOLATION_LEVELS)(
    "finds every promise kept by postgresPrintJobStore over a pool of 16 connections at the isolation level %s",
    async (level) => {
      const { poolAt } = await server.createPrintJobDatabase();
      const own = poolAt(level);
      await checkPrintJobStore(async () => {
        await own.query("truncate wise_print_job");
        return postgresPrintJobStore(own);
      });
    },
  );

  it("finds every promise kept by postgresPrintJobStore in a database that cannot hold every character", async () => {
    const latin1 = await server.createPrintJobDatabase("LATIN1");
    await checkPrintJobStore(async () => {
      await latin1.pool.query("truncate wise_print_job");
      return postgresPrintJobStore(latin1.pool);
    });
  });
});

describe("postgresPrintJobStore", { timeout: LONGEST }, () => {
  it("needs only the rows of a result", async () => {
    const store = postgresPrintJobStore({
      query: async (text, values) => ({ rows: (await pool.query(text, values)).rows }),
    });
    const job = jobWith("a");
    expect(await store.insert(job)).toEqual({ inserted: true });
    expect(await store.replace(next(job, NOT_SENT), 1)).toBe("replaced");
    expect(await store.purge({ closedBefore: "2027" })).toBe(1);
  });

  it("distinguishes ids and cards that differ in a character that PostgreSQL or a driver cannot hold", async () => {
    const store = postgresPrintJobStore(pool);
    const texts = ["a\0", "a\\u0000", "a\ud800", "a\udc00", "a\ufffd", "a"];
    for (const text of texts) {
      expect(await store.insert(jobWith(text, { cardToken: text, kioskId: text }))).toEqual({ inserted: true });
    }
    for (const text of texts) {
      expect((await store.get(text))?.cardToken).toBe(text);
      expect(ids(await store.jobsOf({ ...CARD, cardToken: text }, 10))).toEqual([text]);
      expect(ids(await store.list({ kioskId: text, limit: 10 }))).toEqual([text]);
    }
  });

  it("compares kiosk ids without case like the rest of the package, whatever the locale of the database", async () => {
    const store = postgresPrintJobStore(pool);
    await store.insert(jobWith("a", { kioskId: "FİLİALE-Ä" }));
    expect(ids(await store.list({ kioskId: "fi̇li̇ale-ä", limit: 10 }))).toEqual(["a"]);
  });

  it("inserts a job if the one in its way closes before it is read", async () => {
    const others = postgresPrintJobStore(pool);
    const job = jobWith("first");
    await others.insert(job);
    const store = postgresPrintJobStore(
      interrupted(pool, async (statement) => {
        if (statement === 2) expect(await others.replace(next(job, NOT_SENT), 1)).toBe("replaced");
      }),
    );
    expect(await store.insert(jobWith("second"))).toEqual({ inserted: true });
  });

  it("orders a job that waited for the lock after the jobs that were inserted meanwhile", async () => {
    const transaction = await pool.connect();
    const [store, inTransaction] = [postgresPrintJobStore(pool), postgresPrintJobStore(transaction)];
    const first = jobWith("first");
    await transaction.query("begin");
    await inTransaction.insert(first);
    const waiting = store.insert(jobWith("second"));
    await waitUntilBlocked(pool);
    await store.insert(jobWith("meanwhile", { cardToken: "another card" }));
    await inTransaction.replace(next(first, NOT_SENT), 1);
    await transaction.query("commit");
    transaction.release();
    expect(await waiting).toEqual({ inserted: true });
    expect(ids(await store.list({ limit: 10 }))).toEqual(["second", "meanwhile", "first"]);
  });

  it("returns blocked if another job of the card is inserted while it reopens one", async () => {
    const closed = jobWith("closed", NOT_SENT);
    await postgresPrintJobStore(pool).insert(closed);
    const transaction = await pool.connect();
    let committed: Promise<unknown> | undefined;
    const store = postgresPrintJobStore(
      // The 4th statement is the one that opens it. The lock of the 3rd one is gone, because no transaction holds it.
      interrupted(pool, async (statement) => {
        if (statement !== 4) return;
        await transaction.query("begin");
        await postgresPrintJobStore(transaction).insert(jobWith("other"));
        committed = waitUntilBlocked(pool).then(() => transaction.query("commit"));
      }),
    );
    expect(await store.replace(next(closed, { state: "accepted" }), 1)).toBe("blocked");
    await committed;
    transaction.release();
    expect(await store.get("closed")).toEqual(closed);
  });

  it("rejects with any other failure of the database", async () => {
    const closed = jobWith("closed", NOT_SENT);
    await postgresPrintJobStore(pool).insert(closed);
    const store = postgresPrintJobStore(
      interrupted(pool, (statement) => {
        if (statement === 4) throw new Error("Connection terminated unexpectedly");
      }),
    );
    await expect(store.replace(next(closed, { state: "accepted" }), 1)).rejects.toThrow("Connection terminated");
  });

  it("returns stale, not blocked, if someone else changes a job while it is reopened", async () => {
    const others = postgresPrintJobStore(pool);
    const closed = jobWith("closed", NOT_SENT);
    await others.insert(closed);
    const store = postgresPrintJobStore(
      interrupted(pool, async (statement) => {
        if (statement === 4) expect(await others.replace(next(closed, { requestedBy: "anna" }), 1)).toBe("replaced");
      }),
    );
    expect(await store.replace(next(closed, { state: "accepted" }), 1)).toBe("stale");
  });

  it("returns due jobs in the order of their due times, not of their insertion", async () => {
    const store = postgresPrintJobStore(pool);
    for (const [id, minute] of [
      ["second", 2],
      ["first", 1],
      ["third", 3],
    ] as const) {
      await store.insert(jobWith(id, { cardToken: id, dueAt: `2026-01-31T12:0${minute}:00.000Z` }));
    }
    expect(ids(await store.due({ before: "2026-02-01T00:00:00.000Z", limit: 2 }))).toEqual(["first", "second"]);
  });

  it("does not purge an old job that is reopened at the same time", async () => {
    const store = postgresPrintJobStore(pool);
    const closed = jobWith("closed", NOT_SENT);
    await store.insert(closed);
    await store.insert(jobWith("old", { ...NOT_SENT, cardToken: "another card" }));
    const transaction = await pool.connect();
    await transaction.query("begin");
    await postgresPrintJobStore(transaction).replace(next(closed, { state: "accepted" }), 1);
    expect(await store.purge({ closedBefore: "2027-01-01T00:00:00.000Z" })).toBe(1);
    await transaction.query("commit");
    transaction.release();
    expect((await store.get("closed"))?.state).toBe("accepted");
  });

  it("finds jobs by the indexes of the table, and reads the whole table only for a purge", async () => {
    await pool.query(`
      insert into wise_print_job (id, profile_id, card_token, kiosk_id, state, version, due_at, updated_at, job)
      select n, '1', n, 'kiosk ' || n / 100, case when n % 1000 = 0 then 'unresolved' else 'produced' end, 1,
        case when n % 1000 = 0 then '2026-01-31T12:00:00.000Z' end, '2026', '{}'
      from generate_series(1, 20000) as n;
      analyze wise_print_job`);
    const plans: string[] = [];
    const store = postgresPrintJobStore({
      async query(text, values) {
        const plan: { rows: { "QUERY PLAN": string }[] } = await pool.query(`explain ${text}`, values);
        plans.push(...plan.rows.map((row) => row["QUERY PLAN"]));
        return pool.query(text, values);
      },
    });
    const job = jobWith("a", { profileId: "1", cardToken: "1000" });
    await store.insert(job);
    await store.replace(next({ ...job, id: "5" }, { cardToken: "5", ...NOT_SENT }), 1);
    await store.replace({ ...job, id: "6", cardToken: "1000", version: 2 }, 1);
    await store.get("7");
    await store.jobsOf({ profileId: "1", cardToken: "8" }, 100);
    await store.due({ before: "2026-02", limit: 100 });
    await store.list({ limit: 100 });
    await store.list({ states: ["requested", "accepted", "unresolved"], limit: 100 });
    await store.list({ kioskId: "kiosk 7", after: "10000", limit: 100 });
    expect(plans.filter((line) => line.includes("Seq Scan"))).toEqual([]);
    const used = plans.flatMap((line) => /Index .*?(?:using|on) (wise_\w+)/.exec(line)?.[1] ?? []);
    expect([...new Set(used)].sort()).toEqual([
      "wise_print_job_card",
      "wise_print_job_due",
      "wise_print_job_kiosk",
      "wise_print_job_open",
      "wise_print_job_pkey",
      "wise_print_job_place_key",
      "wise_print_job_state",
    ]);
  });
});
