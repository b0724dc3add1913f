import { isSameKiosk } from "../production/same-kiosk.js";
import type { PrintJobStore } from "./print-job-store.js";
import type { PrintJob } from "./record/print-job.js";
import { isOpenPrintJob } from "./record/print-job-state.js";

/**
 * Creates a store that keeps print jobs in the memory of this process, for tests and experiments. It keeps every promise of a
 * store except durability: its jobs are lost when the process ends.
 */
export function memoryPrintJobStore(): PrintJobStore {
  // In the order of insertion: setting a key again does not move it. Jobs are kept as text, so that callers cannot change them.
  const texts = new Map<string, string>();
  const newestFirst = () => [...texts.values()].reverse().map(parseJob);
  const findOpenJob = (card: Pick<PrintJob, "profileId" | "cardToken">) =>
    newestFirst().find((job) => isOpenPrintJob(job) && isOfCard(job, card));
  const find = (id: string) => {
    const text = texts.get(id);
    return text === undefined ? undefined : parseJob(text);
  };
  return {
    async insert(job) {
      const inTheWay = find(job.id) ?? (isOpenPrintJob(job) ? findOpenJob(job) : undefined);
      if (inTheWay !== undefined) return { inserted: false, job: inTheWay };
      texts.set(job.id, JSON.stringify(job));
      return { inserted: true };
    },
    async replace(job, expectedVersion) {
      const stored = find(job.id);
      if (stored?.version !== expectedVersion) return "stale";
      if (isOpenPrintJob(job) && (findOpenJob(job) ?? stored).id !== job.id) return "blocked";
      texts.set(job.id, JSON.stringify(job));
      return "replaced";
    },
    async get(id) {
      return find(id);
    },
    async jobsOf(card, limit) {
      return newestFirst()
        .filter((job) => isOfCard(job, card))
        .slice(0, limit);
    },
    async due({ before, limit }) {
      return newestFirst()
        .filter(({ dueAt }) => dueAt !== null && dueAt <= before)
        .sort((one, other) => (dueTime(one) < dueTime(other) ? -1 : 1))
        .slice(0, limit);
    },
    async list({ states, kioskId, after, limit }) {
      const jobs = newestFirst();
      const from = after === undefined ? 0 : jobs.findIndex(({ id }) => id === after) + 1;
      if (after !== undefined && from === 0) return [];
      return jobs
        .slice(from)
        .filter((job) => states?.includes(job.state) ?? true)
        .filter((job) => kioskId === undefined || isSameKiosk(job.kioskId, kioskId))
        .slice(0, limit);
    },
    async purge({ closedBefore }) {
      const old = newestFirst().filter((job) => !isOpenPrintJob(job) && job.updatedAt < closedBefore);
      for (const { id } of old) texts.delete(id);
      return old.length;
    },
  };
}

function parseJob(text: string): PrintJob {
  return JSON.parse(text);
}

function dueTime({ dueAt }: PrintJob): string {
  return dueAt ?? "";
}

function isOfCard(job: PrintJob, { profileId, cardToken }: Pick<PrintJob, "profileId" | "cardToken">): boolean {
  return job.profileId === profileId && job.cardToken === cardToken;
}
