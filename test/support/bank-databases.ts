import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import type { PrintJob } from "wise-card-kiosk/print-jobs";
import type { BankDatabase } from "./bank-plan.js";
import { readJournal } from "./journal-print-job-store.js";
import type { PostgresServer } from "./postgres.js";

/** A database of the bank that outlives the bank's processes and records every write. */
export interface LastingDatabase extends AsyncDisposable {
  /** How the bank's processes reach it. */
  readonly location: BankDatabase;
  /** Returns every written version of every job, in the order of the writes. */
  listWrites(): Promise<readonly PrintJob[]>;
}

/** Creates a database of files, which is fast to create and to read. */
export async function createFolderDatabase(): Promise<LastingDatabase> {
  const folder = mkdtempSync(`${tmpdir()}/bank-jobs-`);
  return {
    location: { folder },
    listWrites: async () => [...new Map(readJournal(folder).map((job) => [JSON.stringify(job), job])).values()],
    [Symbol.asyncDispose]: async () => rmSync(folder, { recursive: true }),
  };
}

/** Creates a database on a PostgreSQL server. A trigger records the writes. */
export async function createPostgresDatabase(server: PostgresServer): Promise<LastingDatabase> {
  const { url, pool } = await server.createPrintJobDatabase();
  await pool.query(`
    create table written (place bigint generated always as identity, job text);
    create function remember() returns trigger language plpgsql as $$
      begin insert into written (job) values (new.job); return new; end $$;
    create trigger remember after insert or update on wise_print_job for each row execute function remember();
  `);
  return {
    location: { url },
    async listWrites() {
      const { rows } = await pool.query<{ job: string }>("select job from written order by place");
      return rows.map(({ job }) => JSON.parse(job));
    },
    async [Symbol.asyncDispose]() {},
  };
}
