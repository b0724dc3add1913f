import { requireFunction } from "../../arguments/parse-function.js";
import type { PrintJobStore } from "../../print-jobs/print-job-store.js";
import { RACING_PROMISES } from "./racing-promises.js";
import { READING_PROMISES } from "./reading-promises.js";
import type { StorePromise } from "./store-promise.js";
import { WRITING_PROMISES } from "./writing-promises.js";

const PROMISES: readonly StorePromise[] = [...WRITING_PROMISES, ...READING_PROMISES, ...RACING_PROMISES];

/**
 * Checks that a store of print jobs keeps the promises of `PrintJobStore`: that jobs are returned as they were stored, versions,
 * the lock of a card, orders, paging, and concurrent calls. `due` and `list` may lag by a second. Call it in a test of your store,
 * with its real database and a pool of several connections.
 *
 * @param createStore returns a store without jobs, or a promise of one, each time it is called.
 * @throws {KioskArgumentError} if `createStore` is not a function.
 * @throws {Error} if the store breaks promises; the message names all of them.
 *
 * @example
 * ```ts
 * import { postgresPrintJobStore } from "wise-card-kiosk/print-jobs";
 * import { checkPrintJobStore } from "wise-card-kiosk/testing";
 *
 * await checkPrintJobStore(async () => {
 *   await pool.query("truncate wise_print_job");
 *   return postgresPrintJobStore(pool);
 * });
 * ```
 */
export async function checkPrintJobStore(createStore: () => PrintJobStore | Promise<PrintJobStore>): Promise<void> {
  requireFunction("createStore", createStore, "a function that returns an empty store");
  const broken: string[] = [];
  for (const { text, check } of PROMISES) {
    try {
      await check(await createStore());
    } catch (error) {
      broken.push(`The store ${text}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  if (broken.length === 0) return;
  throw new Error(`The store breaks ${broken.length} of ${PROMISES.length} promises:\n- ${broken.join("\n- ")}`);
}
