import { PGlite } from "@electric-sql/pglite";
import { POSTGRES_PRINT_JOBS_SQL } from "wise-card-kiosk/print-jobs";

let started: Promise<PGlite> | undefined;

/**
 * Returns PostgreSQL inside this process with an empty table of print jobs. It starts only once in a process, because that takes
 * seconds, and ends with the process.
 */
export async function emptyPglite(): Promise<PGlite> {
  started ??= startPglite();
  const database = await started;
  await database.query("truncate wise_print_job");
  return database;
}

async function startPglite(): Promise<PGlite> {
  const database = await PGlite.create();
  await database.query(POSTGRES_PRINT_JOBS_SQL);
  return database;
}
