import type { PrintJobStore } from "../../print-jobs/print-job-store.js";

/** Something that a store must do, and a check of it. */
export interface StorePromise {
  /** As the end of a sentence that begins with "The store". */
  readonly text: string;
  /** @throws {Error} if the store, which is empty at first, breaks the promise. */
  check(store: PrintJobStore): Promise<void>;
}
