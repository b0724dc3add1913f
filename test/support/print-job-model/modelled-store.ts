import { memoryPrintJobStore, type PrintJob, type PrintJobStore } from "wise-card-kiosk/print-jobs";
import type { Dice } from "../dice.js";
import type { Actor, Interleaving } from "./interleaving.js";

/** Creates one process's view of a database that all processes share. Each call may fail, before or after its work is done. */
export function createModelledStore(
  database: PrintJobStore,
  turns: Interleaving,
  actor: Actor,
  dice: Dice,
  failures: () => number,
): PrintJobStore {
  const call = async <T>(work: () => Promise<T>): Promise<T> => {
    await turns.gate(actor);
    const isTrouble = dice.chance(failures());
    if (isTrouble && dice.chance(0.5)) throw new Error("the database is not there");
    const result = await work();
    if (isTrouble) throw new Error("the database has committed, and its response was lost");
    return result;
  };
  return {
    insert: (job) => call(() => database.insert(job)),
    replace: (job, version) => call(() => database.replace(job, version)),
    get: (id) => call(() => database.get(id)),
    jobsOf: (card, limit) => call(() => database.jobsOf(card, limit)),
    due: (query) => call(() => database.due(query)),
    list: (query) => call(() => database.list(query)),
    purge: (query) => call(() => database.purge(query)),
  };
}

/** Creates a database that calls `onWrite` after each write. */
export function createWatchedDatabase(
  ignoresVersions: boolean,
  onWrite: (job: PrintJob, before: PrintJob | undefined) => void,
): PrintJobStore {
  const store = memoryPrintJobStore();
  return {
    ...store,
    async insert(job) {
      const insertion = await store.insert(job);
      if (insertion.inserted) onWrite(job, undefined);
      return insertion;
    },
    async replace(job, version) {
      const before = await store.get(job.id);
      const result = await store.replace(job, ignoresVersions ? (before?.version ?? version) : version);
      if (result === "replaced") onWrite(job, before);
      return result;
    },
  };
}
