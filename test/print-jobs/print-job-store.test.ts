import { describe, expect, it } from "vitest";
import { isOpenPrintJob, memoryPrintJobStore, type PrintJob, type PrintJobStore } from "wise-card-kiosk/print-jobs";
import { checkPrintJobStore } from "wise-card-kiosk/testing";

/** Returns a function that creates a memory store with some methods replaced. */
const broken = (change: (store: PrintJobStore) => Partial<PrintJobStore>) => () => {
  const store = memoryPrintJobStore();
  return { ...store, ...change(store) };
};

const pause = () => new Promise((resolve) => setTimeout(resolve, 1));

/** Creates a store without a lock, which reads before it writes as careless stores do. */
function carelessStore(): PrintJobStore {
  const jobs = new Map<string, PrintJob>();
  const copy = async () => {
    const store = memoryPrintJobStore();
    for (const job of jobs.values()) await store.insert(job);
    return store;
  };
  const findOpenJob = (job: PrintJob) =>
    [...jobs.values()].find((one) => isOpenPrintJob(one) && one.cardToken === job.cardToken && one.id !== job.id);
  return {
    due: async (query) => (await copy()).due(query),
    list: async (query) => (await copy()).list(query),
    purge: async (query) => (await copy()).purge(query),
    async insert(job) {
      const inTheWay = jobs.get(job.id) ?? (isOpenPrintJob(job) ? findOpenJob(job) : undefined);
      await pause();
      if (inTheWay !== undefined) return { inserted: false, job: inTheWay };
      jobs.set(job.id, job);
      return { inserted: true };
    },
    async replace(job, expectedVersion) {
      if (jobs.get(job.id)?.version !== expectedVersion) return "stale";
      if (isOpenPrintJob(job) && findOpenJob(job) !== undefined) return "blocked";
      await pause();
      jobs.set(job.id, job);
      return "replaced";
    },
    get: async (id) => jobs.get(id),
    jobsOf: async ({ cardToken }) => [...jobs.values()].filter((job) => job.cardToken === cardToken).reverse(),
  };
}

const BROKEN: Record<string, [() => PrintJobStore, RegExp]> = {
  "drops fields that it does not know": [
    broken((store) => ({
      async insert({ format, id, profileId, cardToken, kioskId, state, version, dueAt, updatedAt, ...rest }) {
        const { requestedBy, evidence, adopted, production, known, intent, error, createdAt, history } = rest;
        const known1 = { requestedBy, evidence, adopted, production, known, intent, error, createdAt, history };
        return store.insert({ format, id, profileId, cardToken, kioskId, state, version, dueAt, updatedAt, ...known1 });
      },
    })),
    /returns a job as it was inserted/,
  ],
  "drops characters": [
    broken((store) => ({
      replace: async (job, version) =>
        store.replace(JSON.parse(JSON.stringify(job).replaceAll("\\u0000", "")), version),
    })),
    /returns a job as it was replaced/,
  ],
  "returns null for no job": [
    broken((store) => ({ get: async (id) => (await store.get(id)) ?? (null as never) })),
    /returns undefined/,
  ],
  "ignores versions": [
    broken((store) => ({
      replace: async (job, version) => store.replace(job, (await store.get(job.id))?.version ?? version),
    })),
    /replaces only the version/,
  ],
  "reopens jobs whatever else is open": [
    broken(() => {
      const careless = carelessStore();
      return {
        ...careless,
        replace: async (job, version) => {
          const result = await careless.replace(job, version);
          return result === "blocked" ? "replaced" : result;
        },
      };
    }),
    /opens a closed job again only if/,
  ],
  "has races": [carelessStore, /inserts one of several jobs of a card[\s\S]*lets one of several writers/],
  "orders by createdAt": [
    broken((store) => ({
      jobsOf: async (card, limit) =>
        [...(await store.jobsOf(card, limit))].sort((one, other) => (one.createdAt < other.createdAt ? 1 : -1)),
    })),
    /whatever their times are/,
  ],
  "compares ids without case": [
    broken((store) => ({
      insert: async (job) => store.insert({ ...job, id: job.id.toLowerCase() }),
      get: async (id) => store.get(id.toLowerCase()),
    })),
    /distinguishes ids by case/,
  ],
  "returns only a part of the job in the way": [
    broken((store) => ({
      async insert(job) {
        const insertion = await store.insert(job);
        return insertion.inserted ? insertion : { ...insertion, job: { ...insertion.job, known: null } };
      },
    })),
    /returns the job in the way as it was stored/,
  ],
  "returns due jobs in the order of their insertion": [
    broken((store) => {
      const ids: string[] = [];
      return {
        insert: async (job) => {
          ids.push(job.id);
          return store.insert(job);
        },
        due: async ({ before, limit }) => {
          const due = [...(await store.due({ before, limit: 100 }))];
          return due.sort((one, other) => ids.indexOf(one.id) - ids.indexOf(other.id)).slice(0, limit);
        },
      };
    }),
    /returns the jobs that are due, the earliest first/,
  ],
  "returns due jobs in the reverse order of their insertion": [
    broken((store) => ({
      async due({ before, limit }) {
        const jobs = await store.list({ limit: 100 });
        return jobs.filter(({ dueAt }) => dueAt !== null && dueAt <= before).slice(0, limit);
      },
    })),
    /returns the jobs that are due, the earliest first/,
  ],
  "forgets jobs that are due": [broken(() => ({ due: async () => [] })), /returns the jobs that are due/],
  "ignores filters": [broken((store) => ({ list: ({ limit }) => store.list({ limit }) })), /by state and by kiosk/],
  "pages by number": [
    broken((store) => ({
      list: async ({ after, ...query }) => store.list(after === "no job" ? query : { ...query, after }),
    })),
    /from page to page/,
  ],
  "purges open jobs": [
    broken((store) => ({
      purge: async ({ closedBefore }) => {
        for (const job of await store.list({ limit: 99 })) {
          if (!isOpenPrintJob(job) || job.updatedAt >= closedBefore) continue;
          await store.replace({ ...job, state: "failed", version: job.version + 1 }, job.version);
        }
        return store.purge({ closedBefore });
      },
    })),
    /purges the closed jobs/,
  ],
  "shares its objects": [carelessStore, /does not change a job when an object/],
};

describe("checkPrintJobStore", () => {
  it("accepts memoryPrintJobStore, directly or as a promise", async () => {
    await checkPrintJobStore(memoryPrintJobStore);
    await checkPrintJobStore(async () => memoryPrintJobStore());
  });

  it("accepts a store with due and list that lag", async () => {
    const lagging = broken((store) => {
      const lag = () => new Promise((resolve) => setTimeout(resolve, 20));
      let jobs = memoryPrintJobStore();
      const copy = async () => {
        const fresh = memoryPrintJobStore();
        for (const job of [...(await store.list({ limit: 999 }))].reverse()) await fresh.insert(job);
        await lag();
        jobs = fresh;
      };
      return {
        due: async (query) => {
          void copy();
          return jobs.due(query);
        },
        list: async (query) => {
          void copy();
          return jobs.list(query);
        },
      };
    });
    await checkPrintJobStore(lagging);
  });

  it.each(Object.entries(BROKEN))(
    "names what is wrong with a store that %s",
    { timeout: 30_000 },
    async (_what, [create, words]) => {
      await expect(checkPrintJobStore(create)).rejects.toThrow(words);
    },
  );

  it("names every promise of a store that does nothing", { timeout: 30_000 }, async () => {
    const nothing = () => ({}) as PrintJobStore;
    await expect(checkPrintJobStore(nothing)).rejects.toThrow(/^The store breaks (\d+) of \1 promises:/);
  });
});
