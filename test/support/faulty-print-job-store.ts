import { setImmediate as pause } from "node:timers/promises";
import {
  isOpenPrintJob,
  memoryPrintJobStore,
  type PrintJob,
  type PrintJobCard,
  type PrintJobStore,
} from "wise-card-kiosk/print-jobs";

/** What a store does wrong. By default it keeps every promise. */
interface PrintJobStoreFaults {
  /** Whether a job locks its card. Default: `isOpenPrintJob`. */
  readonly isOpen?: (job: PrintJob) => boolean;
  /** Whether two cards are the same. Default: by profile and token. */
  readonly isSameCard?: (one: PrintJobCard, other: PrintJobCard) => boolean;
  /** Whether `insert` overlooks a job of the same id that was written after it has read. Default: `false`. */
  readonly overlooksId?: boolean;
  /** Whether `insert` overlooks an open job that was written after it has read. Default: never. */
  readonly overlooksOnInsert?: (open: PrintJob) => boolean;
  /** Whether `replace` overlooks a version that was written after it has read. Default: `false`. */
  readonly overlooksVersion?: boolean;
  /** Whether `replace` overlooks an open job that was written after it has read. Default: never. */
  readonly overlooksOnReplace?: (open: PrintJob) => boolean;
}

const never = () => false;

const hasSameToken = (one: PrintJobCard, other: PrintJobCard) =>
  one.profileId === other.profileId && one.cardToken === other.cardToken;

/** Creates a store in memory that lets other calls run between a read and its write, as databases do. */
export function faultyPrintJobStore({
  isOpen = isOpenPrintJob,
  isSameCard = hasSameToken,
  overlooksId = false,
  overlooksOnInsert = never,
  overlooksVersion = false,
  overlooksOnReplace = never,
}: PrintJobStoreFaults = {}): PrintJobStore {
  const jobs = new Map<string, PrintJob>();
  const findOpenJob = (job: PrintJob, overlooks: (open: PrintJob) => boolean = never) =>
    [...jobs.values()].find(
      (one) => isOpen(job) && isOpen(one) && isSameCard(one, job) && one.id !== job.id && !overlooks(one),
    );
  /** Returns a store that can be asked for jobs, even if several jobs of a card are open here. */
  const copy = async () => {
    const store = memoryPrintJobStore();
    for (const job of jobs.values()) await store.insert({ ...job, cardToken: `card of ${job.id}` });
    return store;
  };
  const toStored = (copies: readonly PrintJob[]) => structuredClone(copies.map(({ id }) => jobs.get(id) as PrintJob));
  return {
    async insert(job) {
      const found = jobs.get(job.id) ?? findOpenJob(job);
      await pause();
      const late = (overlooksId ? undefined : jobs.get(job.id)) ?? findOpenJob(job, overlooksOnInsert);
      const inTheWay = found ?? late;
      if (inTheWay !== undefined) return { inserted: false, job: structuredClone(inTheWay) };
      jobs.set(job.id, structuredClone(job));
      return { inserted: true };
    },
    async replace(job, expectedVersion) {
      const isStale = () => jobs.get(job.id)?.version !== expectedVersion;
      if (isStale()) return "stale";
      if (findOpenJob(job) !== undefined) return "blocked";
      await pause();
      if (!overlooksVersion && isStale()) return "stale";
      if (findOpenJob(job, overlooksOnReplace) !== undefined) return "blocked";
      jobs.set(job.id, structuredClone(job));
      return "replaced";
    },
    get: async (id) => structuredClone(jobs.get(id)),
    jobsOf: async (card, limit) =>
      structuredClone([...jobs.values()].filter((job) => isSameCard(job, card)).reverse()).slice(0, limit),
    due: async (query) => toStored(await (await copy()).due(query)),
    list: async (query) => toStored(await (await copy()).list(query)),
    async purge(query) {
      const kept = await copy();
      const count = await kept.purge(query);
      for (const id of jobs.keys()) if ((await kept.get(id)) === undefined) jobs.delete(id);
      return count;
    },
  };
}
