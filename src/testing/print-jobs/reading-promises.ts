import type { PrintJobStore } from "../../print-jobs/print-job-store.js";
import type { PrintJob, PrintJobState } from "../../print-jobs/record/print-job.js";
import { eventually, expectEqual } from "./expectations.js";
import { changeJob, closeJob, createSampleJob, SAMPLE_CLOSED_STATES, SAMPLE_OPEN_STATES } from "./sample-jobs.js";
import type { StorePromise } from "./store-promise.js";

const toMinute = (minute: number) => new Date(Date.UTC(2026, 0, 31, 12, minute)).toISOString();

const toIds = (jobs: readonly PrintJob[]) => jobs.map(({ id }) => id);

async function insertAll(store: PrintJobStore, jobs: readonly PrintJob[]): Promise<void> {
  for (const job of jobs) await store.insert(job);
}

/** What `jobsOf`, `due`, `list` and `purge` promise. */
export const READING_PROMISES: readonly StorePromise[] = [
  {
    text: "returns the jobs of a card in the reverse order of their insertion, whatever their times are",
    async check(store) {
      const card = { profileId: "123456", cardToken: "card" };
      const first = createSampleJob("a", { ...card, state: "failed", createdAt: toMinute(9) });
      await insertAll(store, [
        first,
        createSampleJob("x"),
        createSampleJob("b", { ...card, state: "failed", createdAt: toMinute(1) }),
      ]);
      await insertAll(store, [
        createSampleJob("y", { ...card, profileId: "1" }),
        createSampleJob("c", { ...card, createdAt: toMinute(5) }),
      ]);
      await store.replace(changeJob(first, { updatedAt: toMinute(20) }), 1);
      expectEqual(toIds(await store.jobsOf(card, 10)), ["c", "b", "a"]);
      expectEqual(toIds(await store.jobsOf(card, 2)), ["c", "b"]);
      expectEqual((await store.jobsOf(card, 10)).at(-1), changeJob(first, { updatedAt: toMinute(20) }));
      expectEqual(await store.jobsOf({ ...card, cardToken: "no card" }, 10), []);
    },
  },
  {
    text: "returns the jobs that are due, the earliest first, and no closed ones",
    async check(store) {
      const [first, second, third, fourth] = SAMPLE_OPEN_STATES.map((state, index) =>
        createSampleJob(state, { state, dueAt: toMinute(3 + index), createdAt: toMinute(3 - index) }),
      ) as [PrintJob, PrintJob, PrintJob, PrintJob];
      // The earliest is neither the oldest nor the newest.
      await insertAll(store, [createSampleJob("later", { dueAt: toMinute(7) }), second, first, fourth, third]);
      await insertAll(store, [createSampleJob("closed"), createSampleJob("moved")]);
      await store.replace(closeJob(createSampleJob("closed")), 1);
      await store.replace(changeJob(createSampleJob("moved"), { dueAt: toMinute(30) }), 1);
      await eventually(async () => {
        const due = (minute: number, limit = 10) => store.due({ before: toMinute(minute), limit });
        expectEqual(toIds(await due(6)), toIds([first, second, third, fourth]));
        expectEqual(toIds(await due(4)), toIds([first, second]));
        expectEqual(toIds(await due(6, 1)), [first.id]);
        expectEqual(toIds(await due(2)), []);
        expectEqual((await due(3))[0], first);
      });
    },
  },
  {
    text: "lists jobs in the reverse order of their insertion, by state and by kiosk",
    async check(store) {
      await insertAll(store, [
        createSampleJob("a"),
        createSampleJob("b", { state: "failed" }),
        createSampleJob("c", { state: "accepted" }),
      ]);
      await insertAll(store, [
        createSampleJob("d", { kioskId: "Kiosk-2" }),
        createSampleJob("e", { state: "added later" as PrintJobState }),
      ]);
      await eventually(async () => {
        expectEqual(toIds(await store.list({ limit: 10 })), ["e", "d", "c", "b", "a"]);
        expectEqual(toIds(await store.list({ states: ["requested", "failed"], limit: 10 })), ["d", "b", "a"]);
        expectEqual(toIds(await store.list({ states: [], limit: 10 })), []);
        expectEqual(toIds(await store.list({ kioskId: "kiosk-2", limit: 1 })), ["d"]);
        const both = { states: ["requested"], kioskId: "WIS00001", limit: 10 } as const;
        expectEqual(await store.list(both), [createSampleJob("a")]);
        expectEqual(toIds(await store.list({ states: undefined, kioskId: undefined, after: undefined, limit: 2 })), [
          "e",
          "d",
        ]);
      });
    },
  },
  {
    text: "lists each job once from page to page, even if the last job of a page has changed since",
    async check(store) {
      const jobs = ["a", "b", "c", "d", "e"].map((id) => createSampleJob(id));
      await insertAll(store, jobs);
      await store.replace(closeJob(createSampleJob("d")), 1);
      await eventually(async () => {
        const page = async (after?: string) => toIds(await store.list({ states: ["requested"], after, limit: 2 }));
        expectEqual([await page(), await page("c"), await page("a")], [["e", "c"], ["b", "a"], []]);
        expectEqual(await page("d"), ["c", "b"]);
        expectEqual(await page("no job"), []);
        expectEqual(toIds(await store.list({ kioskId: "WIS00001", after: "c", limit: 1 })), ["b"]);
      });
    },
  },
  {
    text: "purges the closed jobs that last changed before a time, and no others",
    async check(store) {
      const closedAt = (minute: number) =>
        SAMPLE_CLOSED_STATES.map((state) =>
          createSampleJob(`${state} ${minute}`, { state, updatedAt: toMinute(minute) }),
        );
      const old = [...closedAt(1), ...closedAt(0)];
      const moved = createSampleJob("moved", { updatedAt: toMinute(1) });
      const kept = [
        moved,
        ...closedAt(2),
        ...closedAt(3),
        ...SAMPLE_OPEN_STATES.map((state) => createSampleJob(`open: ${state}`, { state })),
      ];
      await insertAll(store, [...old, ...kept]);
      await store.replace(changeJob(moved, { state: "failed", dueAt: null, updatedAt: toMinute(3) }), 1);
      const stored = async () => {
        const found = await Promise.all(toIds([...old, ...kept]).map((id) => store.get(id)));
        return found.flatMap((job) => job?.id ?? []);
      };
      expectEqual(await store.purge({ closedBefore: toMinute(2) }), old.length);
      expectEqual(await stored(), toIds(kept));
      expectEqual(await store.purge({ closedBefore: toMinute(2) }), 0);
      expectEqual(await store.insert(createSampleJob("failed 1")), { inserted: true });
    },
  },
];
