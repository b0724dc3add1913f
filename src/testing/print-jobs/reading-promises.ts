import type { PrintJobStore } from "../../print-jobs/print-job-store.js";
import type { PrintJob } from "../../print-jobs/record/print-job.js";
import { eventually, expectEqual } from "./expectations.js";
import { changed, closed, sampleJob } from "./sample-jobs.js";
import type { StorePromise } from "./store-promise.js";

const at = (minute: number) => new Date(Date.UTC(2026, 0, 31, 12, minute)).toISOString();

const ids = (jobs: readonly PrintJob[]) => jobs.map(({ id }) => id);

async function insertAll(store: PrintJobStore, jobs: readonly PrintJob[]): Promise<void> {
  for (const job of jobs) await store.insert(job);
}

/** What `jobsOf`, `due`, `list` and `purge` promise. */
export const READING_PROMISES: readonly StorePromise[] = [
  {
    text: "returns the jobs of a card in the reverse order of their insertion, whatever their times say",
    async check(store) {
      const card = { profileId: "123456", cardToken: "card" };
      const first = sampleJob("a", { ...card, state: "failed", createdAt: at(9) });
      await insertAll(store, [first, sampleJob("x"), sampleJob("b", { ...card, state: "failed", createdAt: at(1) })]);
      await insertAll(store, [
        sampleJob("y", { ...card, profileId: "1" }),
        sampleJob("c", { ...card, createdAt: at(5) }),
      ]);
      await store.replace(changed(first, { updatedAt: at(20) }), 1);
      expectEqual(ids(await store.jobsOf(card, 10)), ["c", "b", "a"]);
      expectEqual(ids(await store.jobsOf(card, 2)), ["c", "b"]);
      expectEqual((await store.jobsOf(card, 10)).at(-1), changed(first, { updatedAt: at(20) }));
      expectEqual(await store.jobsOf({ ...card, cardToken: "no card" }, 10), []);
    },
  },
  {
    text: "returns the jobs that are due, the earliest first, and no closed ones",
    async check(store) {
      await insertAll(store, [sampleJob("later", { dueAt: at(3) }), sampleJob("first", { dueAt: at(1) })]);
      await insertAll(store, [sampleJob("second", { dueAt: at(2) }), sampleJob("closed"), sampleJob("moved")]);
      await store.replace(closed(sampleJob("closed")), 1);
      await store.replace(changed(sampleJob("moved"), { dueAt: at(30) }), 1);
      await eventually(async () => {
        expectEqual(ids(await store.due({ before: at(2), limit: 10 })), ["first", "second"]);
        expectEqual(ids(await store.due({ before: at(2), limit: 1 })), ["first"]);
        expectEqual(ids(await store.due({ before: at(0), limit: 10 })), []);
        expectEqual((await store.due({ before: at(1), limit: 10 }))[0], sampleJob("first", { dueAt: at(1) }));
      });
    },
  },
  {
    text: "lists jobs in the reverse order of their insertion, by state and by kiosk",
    async check(store) {
      await insertAll(store, [
        sampleJob("a"),
        sampleJob("b", { state: "failed" }),
        sampleJob("c", { state: "accepted" }),
      ]);
      await insertAll(store, [sampleJob("d", { kioskId: "Kiosk-2" })]);
      await eventually(async () => {
        expectEqual(ids(await store.list({ limit: 10 })), ["d", "c", "b", "a"]);
        expectEqual(ids(await store.list({ states: ["requested", "failed"], limit: 10 })), ["d", "b", "a"]);
        expectEqual(ids(await store.list({ states: [], limit: 10 })), []);
        expectEqual(ids(await store.list({ kioskId: "kiosk-2", limit: 10 })), ["d"]);
        const both = { states: ["requested"], kioskId: "WIS00001", limit: 10 } as const;
        expectEqual(await store.list(both), [sampleJob("a")]);
        expectEqual(ids(await store.list({ states: undefined, kioskId: undefined, after: undefined, limit: 2 })), [
          "d",
          "c",
        ]);
      });
    },
  },
  {
    text: "lists each job once from page to page, also if the last one of a page has changed since",
    async check(store) {
      const jobs = ["a", "b", "c", "d", "e"].map((id) => sampleJob(id));
      await insertAll(store, jobs);
      await store.replace(closed(sampleJob("d")), 1);
      await eventually(async () => {
        const page = async (after?: string) => ids(await store.list({ states: ["requested"], after, limit: 2 }));
        expectEqual([await page(), await page("c"), await page("a")], [["e", "c"], ["b", "a"], []]);
        expectEqual(await page("d"), ["c", "b"]);
        expectEqual(await page("no job"), []);
      });
    },
  },
  {
    text: "purges the closed jobs that last changed before a time, and no others",
    async check(store) {
      const closedAt = (id: string, minute: number) => sampleJob(id, { state: "produced", updatedAt: at(minute) });
      await insertAll(store, [closedAt("old", 1), closedAt("older", 0), closedAt("then", 2), closedAt("new", 3)]);
      await insertAll(store, [sampleJob("open", { updatedAt: at(0) })]);
      const stored = async () => {
        const found = await Promise.all(["old", "older", "then", "new", "open"].map((id) => store.get(id)));
        return found.map((job) => job?.id);
      };
      expectEqual(await store.purge({ closedBefore: at(2) }), 2);
      expectEqual(await stored(), [undefined, undefined, "then", "new", "open"]);
      expectEqual(await store.purge({ closedBefore: at(2) }), 0);
      expectEqual(await store.insert(sampleJob("old")), { inserted: true });
    },
  },
];
