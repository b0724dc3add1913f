import type { PrintJobStore } from "../../print-jobs/print-job-store.js";

/** A promise of a store, and a check of it. */
export interface StorePromise {
  /** The promise, as the end of a sentence that begins with "The store". */
  readonly text: string;
  /**
   * Checks an empty store.
   *
   * @throws {Error} if the store breaks the promise.
   */
  check(store: PrintJobStore): Promise<void>;
}
