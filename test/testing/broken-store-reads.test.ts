import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { isOpenPrintJob, type PrintJob } from "wise-card-kiosk/print-jobs";
import { PRINT_JOB_STATES } from "../../src/print-jobs/record/print-job-state.js";
import { type BrokenStore, changed, findBrokenStorePromises } from "../support/broken-print-job-stores.js";

const reverseBy = (name: "createdAt" | "updatedAt") => (one: PrintJob, other: PrintJob) =>
  one[name] < other[name] ? 1 : -1;

const BROKEN_STORES: readonly BrokenStore[] = [
  // The jobs of a card.
  [
    "returns the jobs of a card by createdAt",
    changed((store) => ({
      jobsOf: async (card, limit) => [...(await store.jobsOf(card, 100))].sort(reverseBy("createdAt")).slice(0, limit),
    })),
    ["ofCard"],
  ],
  [
    "returns the jobs of a card by updatedAt",
    changed((store) => ({
      jobsOf: async (card, limit) => [...(await store.jobsOf(card, 100))].sort(reverseBy("updatedAt")).slice(0, limit),
    })),
    ["ofCard"],
  ],
  [
    "returns the oldest jobs of a card first",
    changed((store) => ({ jobsOf: async (card, limit) => [...(await store.jobsOf(card, limit))].reverse() })),
    ["ofCard"],
  ],
  [
    "returns the oldest jobs of a card",
    changed((store) => ({ jobsOf: async (card, limit) => (await store.jobsOf(card, 100)).slice(-limit) })),
    ["ofCard"],
  ],
  ["returns all jobs of a card", changed((store) => ({ jobsOf: (card) => store.jobsOf(card, 100) })), ["ofCard"]],
  [
    "returns the jobs of a card as they were inserted",
    changed((store) => {
      const inserted = new Map<string, PrintJob>();
      return {
        insert: (job) => {
          inserted.set(job.id, structuredClone(job));
          return store.insert(job);
        },
        jobsOf: async (card, limit) =>
          (await store.jobsOf(card, limit)).map(({ id }) => structuredClone(inserted.get(id) as PrintJob)),
      };
    }),
    ["ofCard", "raceToOpen"],
  ],
  [
    "returns the jobs of a token",
    changed((store) => ({
      jobsOf: async ({ cardToken }, limit) =>
        (await store.list({ limit: 100 })).filter((job) => job.cardToken === cardToken).slice(0, limit),
    })),
    ["cards", "ofCard"],
  ],
  [
    "returns all jobs for a card without jobs",
    changed((store) => ({
      async jobsOf(card, limit) {
        const jobs = await store.jobsOf(card, limit);
        return jobs.length === 0 ? store.list({ limit }) : jobs;
      },
    })),
    ["ofCard"],
  ],
  // Due jobs.
  [
    "returns due jobs in the order of their insertion",
    changed((store) => {
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
    ["due"],
  ],
  [
    "returns due jobs in the reverse order of their insertion",
    changed((store) => ({
      async due({ before, limit }) {
        const jobs = await store.list({ limit: 100 });
        return jobs.filter(({ dueAt }) => dueAt !== null && dueAt <= before).slice(0, limit);
      },
    })),
    ["due"],
  ],
  [
    "limits due jobs before it sorts them",
    changed((store) => ({
      async due({ before, limit }) {
        const jobs = [...(await store.list({ limit: 100 }))].reverse();
        const due = jobs.filter(({ dueAt }) => dueAt !== null && dueAt <= before).slice(0, limit);
        return due.sort((one, other) => ((one.dueAt ?? "") < (other.dueAt ?? "") ? -1 : 1));
      },
    })),
    ["due"],
  ],
  [
    "limits due jobs to the newest before it sorts them",
    changed((store) => ({
      async due({ before, limit }) {
        const jobs = await store.list({ limit: 100 });
        const due = jobs.filter(({ dueAt }) => dueAt !== null && dueAt <= before).slice(0, limit);
        return due.sort((one, other) => ((one.dueAt ?? "") < (other.dueAt ?? "") ? -1 : 1));
      },
    })),
    ["due"],
  ],
  [
    "returns due jobs by createdAt",
    changed((store) => ({
      async due({ before, limit }) {
        const due = [...(await store.due({ before, limit: 100 }))];
        return due.sort((one, other) => -reverseBy("createdAt")(one, other)).slice(0, limit);
      },
    })),
    ["due"],
  ],
  ...["requested", "accepted", "unresolved", "added later"].map(
    (state): BrokenStore => [
      `never returns ${state} jobs as due`,
      changed((store) => ({
        due: async ({ before, limit }) =>
          (await store.due({ before, limit: 100 })).filter((job) => job.state !== state).slice(0, limit),
      })),
      ["due"],
    ],
  ),
  ["forgets jobs that are due", changed(() => ({ due: async () => [] })), ["due"]],
  [
    "returns jobs that are not due yet",
    changed((store) => ({ due: ({ limit }) => store.due({ before: "9999-12-31T23:59:59.999Z", limit }) })),
    ["due"],
  ],
  [
    "returns some job if none is due",
    changed((store) => ({
      async due({ before, limit }) {
        const due = await store.due({ before, limit });
        return due.length === 0 ? store.list({ limit: 1 }) : due;
      },
    })),
    ["due"],
  ],
  [
    "returns jobs that are due before a time, and not those at it",
    changed((store) => ({
      due: async ({ before, limit }) => (await store.due({ before, limit })).filter(({ dueAt }) => dueAt !== before),
    })),
    ["due"],
  ],
  [
    "returns closed jobs as due",
    changed((store) => ({
      async due({ before, limit }) {
        const closed = (await store.list({ limit: 100 })).filter((job) => !isOpenPrintJob(job));
        return [...(await store.due({ before, limit })), ...closed].slice(0, limit);
      },
    })),
    ["due"],
  ],
  [
    "returns all jobs that are due",
    changed((store) => ({ due: ({ before }) => store.due({ before, limit: 100 }) })),
    ["due"],
  ],
  [
    "returns only a part of due jobs",
    changed((store) => ({ due: async (query) => (await store.due(query)).map((job) => ({ ...job, history: [] })) })),
    ["due"],
  ],
  // Lists.
  [
    "ignores the filters of a list",
    changed((store) => ({ list: ({ after, limit }) => store.list({ after, limit }) })),
    ["list", "pages"],
  ],
  [
    "ignores the kiosk of a list",
    changed((store) => ({ list: (query) => store.list({ ...query, kioskId: undefined }) })),
    ["list"],
  ],
  [
    "compares the kiosks of a list by case",
    changed((store) => ({
      list: async (query) =>
        (await store.list(query)).filter(({ kioskId }) => query.kioskId === undefined || kioskId === query.kioskId),
    })),
    ["list"],
  ],
  [
    "lists only one of several states",
    changed((store) => ({ list: ({ states, ...query }) => store.list({ ...query, states: states?.slice(0, 1) }) })),
    ["list"],
  ],
  [
    "takes no states for all states",
    changed((store) => ({
      list: ({ states, ...query }) => store.list({ ...query, states: states?.length === 0 ? undefined : states }),
    })),
    ["list"],
  ],
  [
    "uses one filter of a list only",
    changed((store) => ({
      list: (query) => store.list({ ...query, states: query.kioskId === undefined ? query.states : undefined }),
    })),
    ["list"],
  ],
  [
    "lists no jobs in a state that it does not know",
    changed((store) => ({
      list: ({ states = PRINT_JOB_STATES, ...query }) => store.list({ ...query, states }),
    })),
    ["list"],
  ],
  [
    "limits a list before it looks at the kiosk",
    changed((store) => ({
      list: async ({ kioskId, ...query }) =>
        (await store.list(query)).filter((job) => job.kioskId.toLowerCase() === (kioskId ?? job.kioskId).toLowerCase()),
    })),
    ["list"],
  ],
  [
    "begins every page of a kiosk with its newest job",
    changed((store) => ({
      list: (query) => store.list({ ...query, after: query.kioskId === undefined ? query.after : undefined }),
    })),
    ["pages"],
  ],
  [
    "lists all jobs",
    changed((store) => ({ list: (query) => store.list({ ...query, limit: 100 }) })),
    ["list", "pages"],
  ],
  [
    "lists the oldest jobs first",
    changed((store) => ({ list: async (query) => [...(await store.list(query))].reverse() })),
    ["list", "pages"],
  ],
  [
    "lists only a part of jobs",
    changed((store) => ({ list: async (query) => (await store.list(query)).map((job) => ({ ...job, history: [] })) })),
    ["list"],
  ],
  [
    "takes undefined for a filter",
    changed((store) => ({
      list: async (query) => ("after" in query && query.after === undefined ? [] : store.list(query)),
    })),
    ["list", "pages"],
  ],
  [
    "pages by number",
    changed((store) => ({
      list: ({ after, ...query }) => store.list(after === "no job" ? query : { ...query, after }),
    })),
    ["pages"],
  ],
  [
    "looks for the last job of a page among the jobs that match",
    changed((store) => ({
      async list({ after, limit, ...query }) {
        const all = await store.list({ ...query, limit: 100 });
        const from = after === undefined ? 0 : all.findIndex(({ id }) => id === after) + 1;
        return after !== undefined && from === 0 ? [] : all.slice(from, from + limit);
      },
    })),
    ["pages"],
  ],
  [
    "begins a page with the last job of the page before",
    changed((store) => ({
      async list({ after, limit, ...query }) {
        const all = await store.list({ ...query, limit: 100 });
        const from = all.findIndex(({ id }) => id === after);
        return from < 0 ? store.list({ ...query, after, limit }) : all.slice(from, from + limit);
      },
    })),
    ["pages"],
  ],
  [
    "begins again after the last page",
    changed((store) => ({
      async list(query) {
        const page = await store.list(query);
        return page.length === 0 && query.after === "a" ? store.list({ ...query, after: undefined }) : page;
      },
    })),
    ["pages"],
  ],
  // Purging.
  [
    "purges open jobs",
    changed((store) => ({
      purge: async ({ closedBefore }) => {
        for (const job of await store.list({ limit: 99 })) {
          if (!isOpenPrintJob(job) || job.updatedAt >= closedBefore) continue;
          await store.replace({ ...job, state: "failed", version: job.version + 1 }, job.version);
        }
        return store.purge({ closedBefore });
      },
    })),
    ["purge"],
  ],
  [
    "purges jobs in a state that it does not know",
    changed((store) => {
      const purged = new Set<string>();
      return {
        async purge({ closedBefore }) {
          const all = await store.list({ limit: 99 });
          const unknown = all.filter((job) => job.state === ("added later" as never) && job.updatedAt < closedBefore);
          for (const { id } of unknown) purged.add(id);
          return unknown.length + (await store.purge({ closedBefore }));
        },
        get: async (id) => (purged.has(id) ? undefined : store.get(id)),
      };
    }),
    ["purge"],
  ],
  [
    "purges jobs in a state that it does not know, and does not count them",
    changed((store) => {
      const purged = new Set<string>();
      return {
        async purge(query) {
          const all = await store.list({ limit: 99 });
          for (const { id, state } of all) if (state === ("added later" as never)) purged.add(id);
          return store.purge(query);
        },
        get: async (id) => (purged.has(id) ? undefined : store.get(id)),
      };
    }),
    ["purge"],
  ],
  ...(["produced", "failed", "refused", "not-sent"] as const).map(
    (state): BrokenStore => [
      `never purges jobs that are ${state}`,
      changed((store) => {
        const purged = new Map<string, PrintJob>();
        return {
          async purge(query) {
            const all = await store.list({ limit: 99 });
            const count = await store.purge(query);
            for (const job of all) if (job.state === state && !(await store.get(job.id))) purged.set(job.id, job);
            return count - purged.size;
          },
          get: async (id) => (await store.get(id)) ?? purged.get(id),
        };
      }),
      ["purge"],
    ],
  ),
  [
    "purges jobs that changed at the time itself",
    changed((store) => ({
      purge: ({ closedBefore }) => store.purge({ closedBefore: closedBefore.replace(".000Z", ".001Z") }),
    })),
    ["purge"],
  ],
  [
    "purges by the updatedAt of the insertion",
    changed((store) => {
      const insertedAt = new Map<string, string>();
      return {
        async insert(job) {
          insertedAt.set(job.id, job.updatedAt);
          return store.insert(job);
        },
        async purge(query) {
          for (const job of await store.list({ limit: 100 })) {
            await store.replace({ ...job, updatedAt: insertedAt.get(job.id) ?? "" }, job.version);
          }
          return store.purge(query);
        },
      };
    }),
    ["purge"],
  ],
  ["purges nothing", changed((store) => ({ purge: async () => store.purge({ closedBefore: "" }) })), ["purge"]],
  [
    "does not count what it purges",
    changed((store) => ({
      async purge(query) {
        await store.purge(query);
        return 0;
      },
    })),
    ["purge"],
  ],
  [
    "counts what it has purged before",
    changed((store) => {
      let count = 0;
      return {
        async purge(query) {
          count += await store.purge(query);
          return count;
        },
      };
    }),
    ["purge"],
  ],
  [
    "only hides what it purges",
    changed((store) => {
      const hidden = new Set<string>();
      return {
        async purge(query) {
          const before = await store.list({ limit: 100 });
          const old = before.filter((job) => !isOpenPrintJob(job) && job.updatedAt < query.closedBefore);
          const fresh = old.filter(({ id }) => !hidden.has(id));
          for (const { id } of fresh) hidden.add(id);
          return fresh.length;
        },
        get: async (id) => (hidden.has(id) ? undefined : store.get(id)),
      };
    }),
    ["purge"],
  ],
];

// The check waits for lists that lag.
beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout"] }).setTimerTickMode("nextTimerAsync"));
afterEach(() => void vi.useRealTimers());

it.each(BROKEN_STORES)("checkPrintJobStore refuses a store that %s", async (_what, createStore, broken) => {
  const found = await findBrokenStorePromises(createStore);
  expect(found.map(({ name }) => name)).toEqual(broken);
});
