import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { WiseKioskClient } from "wise-card-kiosk";
import {
  type KioskProductionEvent,
  type PostgresDatabase,
  type PrintJob,
  type PrintJobStore,
  PrintJobs,
  type Production,
  postgresPrintJobStore,
} from "wise-card-kiosk/print-jobs";
import { createKioskSimulator } from "wise-card-kiosk/testing";
import { PageModules } from "../support/page-modules.js";
import { findPrograms, page } from "../support/pages.js";
import { ISOLATION_LEVELS, type PostgresServer, startPostgres, waitUntilBlocked } from "../support/postgres.js";
import { createProduction, JOBS } from "../support/print-job-records.js";
import { collectUncaughtErrors } from "../support/uncaught-errors.js";

let server: PostgresServer;
let pool: pg.Pool;
let url: string;
beforeAll(async () => {
  server = await startPostgres();
  ({ pool, url } = await server.createPrintJobDatabase());
  await pool.query("create table bank_order (status text)");
}, 60_000);
afterAll(() => server.close());

let store: PrintJobStore;
let jobs: PrintJobs;
/** A connection of the bank that is in a transaction. */
let connection: pg.PoolClient;
/** Whether the server has closed that connection. */
let isLost = false;
beforeEach(async () => {
  await pool.query("truncate wise_print_job, bank_order; insert into bank_order values ('printing')");
  store = postgresPrintJobStore(pool);
  jobs = new PrintJobs({ client: new WiseKioskClient(createKioskSimulator().clientOptions()), store });
  isLost = false;
  connection = await pool.connect();
  connection.on("error", () => {
    isLost = true;
  });
  await connection.query("begin");
});
afterEach(() => connection.release(true));

const PRODUCED = createProduction("PRODUCED", 2);
const NOT_SENT = { state: "not-sent", dueAt: null } as const;

const toWebhookEvent = (state: Production): KioskProductionEvent => ({
  type: "cards#card-production-status-change",
  profileId: 123456,
  cardToken: "card",
  clientId: "your-bank",
  production: state,
  subscriptionId: null,
  schemaVersion: "4.0.0",
  sentAt: null,
  deliveryId: null,
  isTest: false,
});

/** Handles an event as the bank does: changes its own table and the print job in one transaction. */
async function handleEvent(state: Production) {
  await connection.query("update bank_order set status = $1", [state.status]);
  return jobs.apply(toWebhookEvent(state), { store: postgresPrintJobStore(connection) });
}

/**
 * Applies an event that changes what the newest job knows of the card, and that would reopen the one before it. `work` runs between
 * the two.
 */
async function applyAfter(work: () => Promise<unknown>) {
  const database: PostgresDatabase = {
    async query(text, values) {
      if (text.startsWith("select pg_advisory_xact_lock")) await work();
      return connection.query(text, values);
    },
  };
  const event = toWebhookEvent(createProduction("IN_PROGRESS", 4));
  return jobs.apply(event, { store: postgresPrintJobStore(database) });
}

async function committed(): Promise<unknown> {
  const orders = await pool.query("select status from bank_order");
  return [orders.rows[0].status, (await store.get("job-1"))?.state];
}

const next = (job: PrintJob, given: Partial<PrintJob>): PrintJob => ({ ...job, ...given, version: job.version + 1 });

describe("jobs.apply within a transaction of PostgreSQL", { timeout: 60_000 }, () => {
  it("changes the job if the transaction is committed, and not before", async () => {
    await store.insert(JOBS.accepted);
    expect(await handleEvent(PRODUCED)).toMatchObject({ outcome: "applied", job: { state: "produced" } });
    expect(await committed()).toEqual(["printing", "accepted"]);
    await connection.query("commit");
    expect(await committed()).toEqual(["PRODUCED", "produced"]);
  });

  it("leaves the job unchanged if the transaction is rolled back, and applies the event when it is delivered again", async () => {
    await store.insert(JOBS.accepted);
    await handleEvent(PRODUCED);
    await connection.query("rollback");
    expect(await store.get("job-1")).toEqual(JOBS.accepted);
    expect(await jobs.apply(toWebhookEvent(PRODUCED))).toMatchObject({
      outcome: "applied",
      job: { state: "produced" },
    });
  });

  it("leaves the job unchanged if the connection is lost before the commit", async () => {
    await store.insert(JOBS.accepted);
    await handleEvent(PRODUCED);
    const { rows } = await connection.query("select pg_backend_pid() as pid");
    await pool.query("select pg_terminate_backend($1, 10000)", [rows[0].pid]);
    await expect(connection.query("commit")).rejects.toThrow();
    expect(isLost).toBe(true);
    expect(await committed()).toEqual(["printing", "accepted"]);
  });

  it("rejects if the connection is lost while it waits for another writer, and applies the event when it is delivered again", async () => {
    await store.insert(JOBS.accepted);
    const { rows } = await connection.query("select pg_backend_pid() as pid");
    const other = await pool.connect();
    await other.query("begin");
    await postgresPrintJobStore(other).replace(next(JOBS.accepted, {}), JOBS.accepted.version);
    const applied = handleEvent(PRODUCED);
    const rejected = expect(applied).rejects.toMatchObject({ code: "ERR_PRINT_JOB_STORE" });
    await waitUntilBlocked(pool);
    await pool.query("select pg_terminate_backend($1)", [rows[0].pid]);
    await rejected;
    await other.query("rollback");
    other.release();
    expect(await committed()).toEqual(["printing", "accepted"]);
    expect(await jobs.apply(toWebhookEvent(PRODUCED))).toMatchObject({ outcome: "applied" });
  });

  it("waits for another writer, and applies the event to the job that the writer stored", async () => {
    await store.insert(JOBS.sent);
    const other = await pool.connect();
    await other.query("begin");
    await postgresPrintJobStore(other).replace(JOBS.accepted, JOBS.sent.version);
    const applied = handleEvent(PRODUCED);
    await waitUntilBlocked(pool);
    await other.query("commit");
    other.release();
    expect(await applied).toMatchObject({ outcome: "applied", job: { version: JOBS.accepted.version + 1 } });
    await connection.query("commit");
    expect(await committed()).toEqual(["PRODUCED", "produced"]);
  });

  it("reopens a closed job, which is in the way of a print at the same time", async () => {
    await store.insert(JOBS.notSentByRead);
    expect(await handleEvent(createProduction("IN_PROGRESS", 4))).toMatchObject({ job: { state: "accepted" } });
    const insertion = store.insert({ ...JOBS.requested, id: "job-2" });
    await waitUntilBlocked(pool);
    await connection.query("commit");
    expect(await insertion).toMatchObject({ inserted: false, job: { id: "job-1", state: "accepted" } });
  });

  it("does not reopen a closed job if a print comes first, and the transaction continues", async () => {
    await store.insert(JOBS.notSentByRead);
    const other = await pool.connect();
    await other.query("begin");
    await postgresPrintJobStore(other).insert({ ...JOBS.requested, id: "job-2" });
    const applied = handleEvent(createProduction("IN_PROGRESS", 4));
    await waitUntilBlocked(pool);
    await other.query("commit");
    other.release();
    await applied;
    await connection.query("commit");
    expect(await committed()).toEqual(["IN_PROGRESS", "not-sent"]);
    expect((await store.get("job-1"))?.history.at(-1)?.note).toContain("another job of the card is open");
  });
});

describe("jobs.apply within a transaction of a stricter isolation level", { timeout: 60_000 }, () => {
  const change = (others: PrintJobStore): Promise<unknown> => others.replace(JOBS.accepted, JOBS.sent.version);
  const print = (others: PrintJobStore): Promise<unknown> => others.insert({ ...JOBS.requested, id: "job-2" });

  it.each(
    ISOLATION_LEVELS.slice(1).flatMap((level) => [
      [level, "another writer changes the job", JOBS.sent, change, "40001"] as const,
      [level, "a print of the card comes first", JOBS.notSentByRead, print, "23505"] as const,
    ]),
  )(
    "rejects because of the conflict at the level %s if %s, and can be repeated",
    async (level, _, job, write, code) => {
      await store.insert(job);
      await connection.query(`set transaction isolation level ${level}`);
      const other = await pool.connect();
      await other.query("begin");
      await write(postgresPrintJobStore(other));
      const state = createProduction("IN_PROGRESS", 4);
      const rejected = expect(handleEvent(state)).rejects.toMatchObject({
        code: "ERR_PRINT_JOB_STORE",
        cause: { code },
      });
      await waitUntilBlocked(pool);
      await other.query("commit");
      other.release();
      await rejected;
      await connection.query(`rollback; begin isolation level ${level}`);
      await handleEvent(state);
      await connection.query("commit");
      expect(await committed()).toContain("IN_PROGRESS");
    },
  );
});

describe("jobs.apply within a transaction while a print is repeated", { timeout: 60_000 }, () => {
  it("a repeated print does not wait for a transaction that has changed its job and is about to reopen an earlier one", async () => {
    const refused = { ...JOBS.refused, id: "job-2" };
    await store.insert(JOBS.notSentByRead);
    await store.insert(refused);
    const again = { id: "job-2", profileId: 123456, cardToken: "card", kioskId: "WIS00001" };
    let printed: Promise<PrintJob> | undefined;
    const applied = await applyAfter(async () => {
      printed = jobs.print(again);
      await waitUntilBlocked(pool, printed);
    });
    expect(applied).toMatchObject({ outcome: "applied", job: { id: "job-1", state: "accepted" } });
    expect(await printed).toEqual(refused);
    await connection.query("commit");
    expect((await store.get("job-2"))?.known).toMatchObject({ status: "IN_PROGRESS" });
  });
});

describe("jobs.apply within a transaction while old jobs are purged", { timeout: 60_000 }, () => {
  it("a purge does not wait for a transaction that has changed an old job and is about to reopen one that is purged", async () => {
    await store.insert(JOBS.notSentByRead);
    await store.insert({ ...JOBS.refused, id: "job-2" });
    let purged: Promise<number> | undefined;
    const applied = await applyAfter(async () => {
      purged = jobs.purge({ closedBefore: new Date() });
      await waitUntilBlocked(pool, purged);
    });
    expect(applied).toMatchObject({ outcome: "unchanged", job: { id: "job-2" } });
    expect(await purged).toBe(1);
    await connection.query("commit");
    expect(await jobs.list()).toMatchObject([{ id: "job-2" }]);
  });
});

describe("several jobs.apply within a transaction of PostgreSQL", { timeout: 60_000 }, () => {
  let other: pg.PoolClient;
  beforeEach(async () => {
    for (const cardToken of ["a", "b"]) await store.insert({ ...JOBS.accepted, id: `job-${cardToken}`, cardToken });
    other = await pool.connect();
    await other.query("begin");
  });
  afterEach(() => other.release(true));

  const apply = (cardToken: string, own: pg.PoolClient) =>
    jobs.apply({ ...toWebhookEvent(PRODUCED), cardToken }, { store: postgresPrintJobStore(own) });

  it("transactions that apply the events of two cards in the same order do not fail", async () => {
    await apply("a", connection);
    const waiting = apply("a", other);
    await waitUntilBlocked(pool);
    expect(await apply("b", connection)).toMatchObject({ outcome: "applied" });
    await connection.query("commit");
    expect(await waiting).toMatchObject({ outcome: "unchanged", job: { state: "produced" } });
    expect(await apply("b", other)).toMatchObject({ outcome: "unchanged", job: { state: "produced" } });
    await other.query("commit");
  });

  it("of two transactions that apply events in opposite order, one can end with a deadlock, and can be repeated", async () => {
    await apply("a", connection);
    await apply("b", other);
    const ends = await Promise.allSettled([apply("b", connection), apply("a", other)]);
    expect(ends.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(ends.find(({ status }) => status === "rejected")).toMatchObject({
      reason: { code: "ERR_PRINT_JOB_STORE", cause: { code: "40P01" } },
    });
    const [survivor, failed] = ends[0].status === "fulfilled" ? [connection, other] : [other, connection];
    await survivor.query("commit");
    await failed.query("rollback");
    await failed.query("begin");
    for (const cardToken of ["a", "b"]) expect(await apply(cardToken, failed)).toMatchObject({ outcome: "unchanged" });
    await failed.query("commit");
    expect([await store.get("job-a"), await store.get("job-b")]).toMatchObject([
      { state: "produced" },
      { state: "produced" },
    ]);
  });
});

describe("the transaction on the page about print jobs", { timeout: 60_000 }, () => {
  let pagePool: pg.Pool;
  beforeEach(async () => {
    await store.insert(JOBS.accepted);
    pagePool = new pg.Pool({ connectionString: url, application_name: "page" });
    for (const [name, value] of Object.entries({ pool: pagePool, jobs, event: toWebhookEvent(PRODUCED) })) {
      vi.stubGlobal(name, value);
    }
  });
  afterEach(async () => {
    vi.unstubAllGlobals();
    // A test may have ended it.
    await pagePool.end().catch(() => {});
    await pool.query("drop table if exists message");
  });

  async function runPage(): Promise<void> {
    const programs = findPrograms(page("src/print-jobs/README.md")).filter(({ code }) => code.includes('"begin"'));
    using modules = new PageModules(programs, 3000);
    for (const program of programs) await import(modules.filePath(program));
    expect(programs).toHaveLength(1);
  }

  it("stores a message together with the job", async () => {
    await pool.query("create table message (job text, state text)");
    await runPage();
    expect((await pool.query("select * from message")).rows).toEqual([{ job: "job-1", state: "produced" }]);
    expect(await store.get("job-1")).toMatchObject({ state: "produced" });
    expect([pagePool.totalCount, pagePool.idleCount]).toEqual([1, 1]);
  });

  it("leaves the job unchanged if the message cannot be stored, and rejects with the reason", async () => {
    await expect(runPage()).rejects.toMatchObject({ code: "42P01" });
    expect(await store.get("job-1")).toEqual(JOBS.accepted);
    expect(pagePool.totalCount).toBe(0);
  });

  it("rejects with the error of the store if its connection is lost, and the process goes on", async () => {
    const uncaught = collectUncaughtErrors();
    await connection.query("select from wise_print_job for update");
    const rejection = expect(runPage()).rejects.toMatchObject({ code: "ERR_PRINT_JOB_STORE" });
    await waitUntilBlocked(pool);
    await pool.query("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'page'");
    await rejection;
    await pagePool.end();
    expect(uncaught).toEqual([]);
  });
});

describe("postgresPrintJobStore within a transaction", { timeout: 60_000 }, () => {
  it("never makes the transaction fail, whatever is in the table", async () => {
    const [open, closed] = [JOBS.accepted, { ...JOBS.notSentByRead, id: "job-2" }];
    await store.insert(closed);
    await store.insert(open);
    const inTransaction = postgresPrintJobStore(connection);
    expect(await inTransaction.insert(open)).toMatchObject({ inserted: false, job: { id: "job-1" } });
    expect(await inTransaction.insert({ ...open, id: "job-3" })).toMatchObject({ job: { id: "job-1" } });
    expect(await inTransaction.replace(next(open, {}), 99)).toBe("stale");
    expect(await inTransaction.replace(next(closed, { state: "accepted" }), 99)).toBe("stale");
    expect(await inTransaction.replace(next(closed, { state: "accepted" }), closed.version)).toBe("blocked");
    expect(await inTransaction.replace(next(open, NOT_SENT), open.version)).toBe("replaced");
    expect(await inTransaction.replace(next(closed, { state: "accepted" }), closed.version)).toBe("replaced");
    await connection.query("commit");
    expect((await store.get("job-2"))?.state).toBe("accepted");
  });
});
