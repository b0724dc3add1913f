import { isSameKiosk } from "../production/same-kiosk.js";
import type { PrintJobCard, PrintJobStore } from "./print-job-store.js";
import type { PrintJob } from "./record/print-job.js";
import { copyPrintJob, isOpenPrintJob } from "./record/print-job-state.js";

/**
 * Creates a store that keeps print jobs in the memory of this process, for tests and experiments. It keeps every promise of a
 * store except durability: its jobs are lost when the process ends.
 */
export function memoryPrintJobStore(): PrintJobStore {
  const jobs = new Jobs();
  return {
    async insert(job) {
      const inTheWay = jobs.get(job.id) ?? (isOpenPrintJob(job) ? jobs.openOf(job) : undefined);
      if (inTheWay !== undefined) return { inserted: false, job: copyPrintJob(inTheWay) };
      jobs.set(copyPrintJob(job));
      return { inserted: true };
    },
    async replace(job, expectedVersion) {
      if (jobs.get(job.id)?.version !== expectedVersion) return "stale";
      if (isOpenPrintJob(job) && (jobs.openOf(job) ?? job).id !== job.id) return "blocked";
      jobs.set(copyPrintJob(job));
      return "replaced";
    },
    async get(id) {
      const job = jobs.get(id);
      return job && copyPrintJob(job);
    },
    async jobsOf(card, limit) {
      return jobs.ofCard(card).slice(0, limit).map(copyPrintJob);
    },
    async due({ before, limit }) {
      return jobs
        .newestFirst()
        .filter(({ dueAt }) => dueAt !== null && dueAt <= before)
        .sort((one, other) => ((one.dueAt ?? "") < (other.dueAt ?? "") ? -1 : 1))
        .slice(0, limit)
        .map(copyPrintJob);
    },
    async list({ states, kioskId, after, limit }) {
      const all = jobs.newestFirst();
      const from = all.findIndex(({ id }) => id === after) + 1;
      if (after !== undefined && from === 0) return [];
      return all
        .slice(from)
        .filter((job) => states?.includes(job.state) ?? true)
        .filter((job) => kioskId === undefined || isSameKiosk(job.kioskId, kioskId))
        .slice(0, limit)
        .map(copyPrintJob);
    },
    async purge({ closedBefore }) {
      const old = jobs.newestFirst().filter((job) => !isOpenPrintJob(job) && job.updatedAt < closedBefore);
      for (const job of old) jobs.delete(job);
      return old.length;
    },
  };
}

/** Jobs by their id and by their card, in the order of their insertion: setting a key again does not move it. */
class Jobs {
  readonly #byId = new Map<string, PrintJob>();
  readonly #byCard = new Map<string, Map<string, PrintJob>>();

  get(id: string): PrintJob | undefined {
    return this.#byId.get(id);
  }

  set(job: PrintJob): void {
    this.#byId.set(job.id, job);
    const ofCard = this.#byCard.get(cardKey(job)) ?? new Map<string, PrintJob>();
    this.#byCard.set(cardKey(job), ofCard.set(job.id, job));
  }

  delete(job: PrintJob): void {
    this.#byId.delete(job.id);
    this.#byCard.get(cardKey(job))?.delete(job.id);
  }

  newestFirst(): PrintJob[] {
    return [...this.#byId.values()].reverse();
  }

  ofCard(card: PrintJobCard): readonly PrintJob[] {
    return [...(this.#byCard.get(cardKey(card))?.values() ?? [])].reverse();
  }

  openOf(card: PrintJobCard): PrintJob | undefined {
    return this.ofCard(card).find(isOpenPrintJob);
  }
}

function cardKey({ profileId, cardToken }: PrintJobCard): string {
  return JSON.stringify([profileId, cardToken]);
}
