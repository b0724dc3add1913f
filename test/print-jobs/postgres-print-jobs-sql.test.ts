import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { POSTGRES_PRINT_JOBS_SQL, postgresPrintJobStore } from "wise-card-kiosk/print-jobs";
import { ISOLATION_LEVELS, type PostgresServer, startPostgres } from "../support/postgres.js";
import { REQUESTED_JOB } from "../support/print-job-records.js";

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
}, 60_000);
afterAll(() => server.close());

/** Returns every table, column, index and constraint, and the recorded version. */
async function describeSchema(pool: pg.Pool): Promise<unknown> {
  const objects = await pool.query(`
    select table_name, column_name, data_type, collation_name, is_nullable from information_schema.columns
      where table_schema = 'public' order by 1, 2`);
  const indexes = await pool.query("select indexdef from pg_indexes where schemaname = 'public' order by 1");
  const version = await pool.query("select version from wise_print_job_version");
  return [objects.rows, indexes.rows, version.rows];
}

describe("POSTGRES_PRINT_JOBS_SQL", { timeout: 60_000 }, () => {
  it("changes nothing when it runs again, and keeps the jobs", async () => {
    const { pool } = await server.createPrintJobDatabase();
    const before = await describeSchema(pool);
    await postgresPrintJobStore(pool).insert(REQUESTED_JOB);
    await pool.query(POSTGRES_PRINT_JOBS_SQL);
    expect(await describeSchema(pool)).toEqual(before);
    expect(await postgresPrintJobStore(pool).get(REQUESTED_JOB.id)).toEqual(REQUESTED_JOB);
  });

  it("changes nothing after a later version, which may have removed what this version creates", async () => {
    const { pool } = await server.createPrintJobDatabase();
    await pool.query(`
      drop index wise_print_job_state;
      alter table wise_print_job add column branch text;
      update wise_print_job_version set version = 2`);
    const before = await describeSchema(pool);
    await pool.query(POSTGRES_PRINT_JOBS_SQL);
    expect(await describeSchema(pool)).toEqual(before);
    expect(await postgresPrintJobStore(pool).insert(REQUESTED_JOB)).toEqual({ inserted: true });
  });

  it.each(ISOLATION_LEVELS)("runs on eight connections at the same time at the isolation level %s", async (level) => {
    const { pool, poolAt } = await server.createDatabase();
    const own = poolAt(level);
    const connections = await Promise.all(Array.from({ length: 8 }, () => own.connect()));
    await Promise.all(connections.map((connection) => connection.query(POSTGRES_PRINT_JOBS_SQL)));
    for (const connection of connections) connection.release();
    expect(await postgresPrintJobStore(pool).insert(REQUESTED_JOB)).toEqual({ inserted: true });
  });

  it.each(ISOLATION_LEVELS)(
    "finds the table that another instance created after this transaction had looked for it, at the isolation level %s",
    async (level) => {
      const { pool, poolAt } = await server.createDatabase();
      const connection = await poolAt(level).connect();
      // Afterwards, nothing but the table is new to the connection.
      await connection.query(`begin; ${POSTGRES_PRINT_JOBS_SQL}; rollback`);
      await connection.query("begin; select to_regclass('public.wise_print_job_version')");
      await pool.query(POSTGRES_PRINT_JOBS_SQL);
      await connection.query(`${POSTGRES_PRINT_JOBS_SQL}; commit`);
      connection.release();
      expect(await postgresPrintJobStore(pool).insert(REQUESTED_JOB)).toEqual({ inserted: true });
    },
  );

  it("says that there is no schema if there is none", async () => {
    const { pool } = await server.createDatabase();
    const connection = await pool.connect();
    await connection.query("set search_path to nowhere");
    await expect(connection.query(POSTGRES_PRINT_JOBS_SQL)).rejects.toThrow("no schema has been selected to create in");
    connection.release(true);
  });

  it("leaves nothing behind if the transaction in which it runs is rolled back", async () => {
    const { pool } = await server.createDatabase();
    const connection = await pool.connect();
    await connection.query(`begin; ${POSTGRES_PRINT_JOBS_SQL}; rollback`);
    connection.release();
    expect((await pool.query("select from pg_tables where tablename like 'wise%'")).rowCount).toBe(0);
  });

  it("creates a table of its own in each schema, so that environments never share one", async () => {
    const { pool, url } = await server.createPrintJobDatabase();
    await pool.query("create schema sandbox");
    const sandbox = new pg.Pool({ connectionString: url, options: "-c search_path=sandbox,public" });
    await sandbox.query(POSTGRES_PRINT_JOBS_SQL);
    await postgresPrintJobStore(sandbox).insert(REQUESTED_JOB);
    await sandbox.end();
    expect(await postgresPrintJobStore(pool).get(REQUESTED_JOB.id)).toBeUndefined();
    expect((await pool.query("select from sandbox.wise_print_job")).rowCount).toBe(1);
  });

  it("compares text byte by byte, so that no update of the operating system damages the lock of a card", async () => {
    const { pool } = await server.createPrintJobDatabase();
    const { rows } = await pool.query(`
      select column_name from information_schema.columns
      where table_name = 'wise_print_job' and data_type = 'text' and collation_name is distinct from 'C'`);
    expect(rows).toEqual([{ column_name: "job" }]);
  });

  it("needs no permission to create once a database administrator has run it, nor does the store", async () => {
    const { pool } = await server.createPrintJobDatabase();
    const connection = await pool.connect();
    await connection.query(`
      create role application;
      grant select, insert, update, delete on wise_print_job to application;
      grant select on wise_print_job_version to application;
      set role application`);
    await connection.query(POSTGRES_PRINT_JOBS_SQL);
    const store = postgresPrintJobStore(connection);
    expect(await store.insert(REQUESTED_JOB)).toEqual({ inserted: true });
    expect(await store.replace({ ...REQUESTED_JOB, state: "failed", dueAt: null, version: 2 }, 1)).toBe("replaced");
    expect(await store.purge({ closedBefore: "2027-01-01T00:00:00.000Z" })).toBe(1);
    connection.release(true);
  });
});
