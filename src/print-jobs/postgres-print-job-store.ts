import { describeValue, mustBe } from "../arguments/found-value.js";
import { parseRow, toKey, toRow } from "./postgres-print-job-row.js";
import {
  INSERT,
  LOCK_CARD,
  PURGE,
  REOPEN,
  REPLACE_BY_CLOSED,
  REPLACE_OPEN,
  SELECT_DUE_JOBS,
  SELECT_JOB,
  SELECT_JOB_IN_THE_WAY,
  SELECT_JOBS_OF_CARD,
  SELECT_VERSION,
  selectPage,
} from "./postgres-print-job-statements.js";
import type { PrintJobStore } from "./print-job-store.js";
import { isOpenPrintJob } from "./record/print-job-state.js";

/**
 * The database of {@link postgresPrintJobStore}: a `Pool`, `PoolClient` or `Client` of `pg`, a `PGlite` or its transaction, or
 * an object of your own around another driver.
 */
export interface PostgresDatabase {
  /**
   * Runs one statement with the values of its parameters `$1`, `$2` and so on, which are strings, numbers and `null`. Resolves with
   * the rows that the statement returns, as objects. Errors must have the SQLSTATE as `code`.
   */
  query(text: string, values: unknown[]): PromiseLike<{ readonly rows: readonly unknown[] }>;
}

/** The maximum number of attempts to insert, and to run a statement. Others may get ahead, but not every time. */
const MAX_ATTEMPTS = 20;

/**
 * The SQLSTATEs of statements that failed because of concurrent statements: serialization failure, deadlock, and the index that
 * keeps two jobs of a card from being open.
 */
const CONFLICTS: readonly unknown[] = ["40001", "40P01", "23505"];

const IN_FAILED_TRANSACTION = "25P02";

/**
 * Creates a store that keeps print jobs in PostgreSQL 12 or later, in the table that `POSTGRES_PRINT_JOBS_SQL` creates. It works
 * with `pg`, PGlite, and any other object that has `query(text, values)`.
 *
 * For `new PrintJobs`, pass a pool, never a connection that is in a transaction: a job must be committed before its request
 * leaves. The pool may have any isolation level: a statement that fails because of concurrent statements is run again, up to 20
 * times in all. Reads must reach the primary server. `synchronous_commit` must not be `off`: a crash of the server would lose
 * jobs after their requests have left.
 *
 * For `apply`, you may pass the connection of your own transaction:
 * `jobs.apply(event, { store: postgresPrintJobStore(connection) })`. If you roll back, the job is unchanged. Other writers of the
 * job wait until you commit, so commit soon. With one `apply` in each transaction and the default isolation level READ COMMITTED,
 * no `apply` fails because of other transactions of print jobs. With several in one, apply the events in a fixed order of cards:
 * otherwise two transactions can wait for each other, and PostgreSQL ends one of them (SQLSTATE 40P01), which you must repeat. At
 * a stricter level, be prepared to repeat yours after 40001 and 23505, too. The SQLSTATE is the `code` of the error's `cause`.
 *
 * @throws {KioskArgumentError} if `database` has no method `query`.
 */
export function postgresPrintJobStore(database: PostgresDatabase): PrintJobStore {
  if (typeof (database as PostgresDatabase | null | undefined)?.query !== "function") {
    throw mustBe("database", "a Pool of pg, or another object with query(text, values)", describeValue(database));
  }

  /**
   * Runs a statement. If it failed because of concurrent statements, it changed nothing and is run again. Within a transaction,
   * PostgreSQL refuses that, and the transaction must be repeated as a whole because of the conflict.
   */
  const run = async (text: string, values: unknown[]) => {
    for (let conflict: unknown, attempts = 1; ; attempts += 1) {
      try {
        return await database.query(text, values);
      } catch (error) {
        const { code } = (error ?? {}) as { readonly code?: unknown };
        if (code === IN_FAILED_TRANSACTION) throw conflict ?? error;
        if (attempts === MAX_ATTEMPTS || !CONFLICTS.includes(code)) throw error;
        conflict = error;
      }
    }
  };
  const select = async (text: string, values: unknown[]): Promise<readonly unknown[]> => {
    const result: { readonly rows?: unknown } | null | undefined = await run(text, values);
    if (Array.isArray(result?.rows)) return result.rows;
    throw new TypeError("The `query` of the database must resolve with an object that has an array `rows`.");
  };
  const selectJobs = async (text: string, values: unknown[]) => (await select(text, values)).map(parseRow);
  const isAny = async (text: string, values: unknown[]) => (await select(text, values)).length > 0;

  return {
    async insert(job) {
      const row = toRow(job);
      const [id, profileId, cardToken] = row;
      for (let tries = 0; tries < MAX_ATTEMPTS; tries += 1) {
        if (await isAny(INSERT, row)) return { inserted: true };
        const [inTheWay] = await selectJobs(SELECT_JOB_IN_THE_WAY, [id, profileId, cardToken]);
        if (inTheWay !== undefined) return { inserted: false, job: inTheWay };
      }
      throw new Error(
        `The print job was not inserted: in each of ${MAX_ATTEMPTS} attempts, the job in its way closed.`,
      );
    },
    async replace(job, expectedVersion) {
      const update = isOpenPrintJob(job) ? REPLACE_OPEN : REPLACE_BY_CLOSED;
      if (await isAny(update, [...toRow(job), expectedVersion])) return "replaced";
      const hasExpectedVersion = () => isAny(SELECT_VERSION, [toKey(job.id), expectedVersion]);
      if (!isOpenPrintJob(job) || !(await hasExpectedVersion())) return "stale";
      await select(LOCK_CARD, [toKey(job.profileId), toKey(job.cardToken)]);
      if (await isAny(REOPEN, [...toRow(job), expectedVersion])) return "replaced";
      return (await hasExpectedVersion()) ? "blocked" : "stale";
    },
    async get(id) {
      return (await selectJobs(SELECT_JOB, [toKey(id)]))[0];
    },
    async jobsOf({ profileId, cardToken }, limit) {
      return selectJobs(SELECT_JOBS_OF_CARD, [toKey(profileId), toKey(cardToken), limit]);
    },
    async due({ before, limit }) {
      return selectJobs(SELECT_DUE_JOBS, [toKey(before), limit]);
    },
    async list(query) {
      const { text, values } = selectPage(query);
      return selectJobs(text, values);
    },
    async purge({ closedBefore }) {
      const [counted] = await select(PURGE, [toKey(closedBefore)]);
      return Number((counted as { purged: unknown }).purged);
    },
  };
}
