import type { PrintJob, PrintJobState } from "../../print-jobs/record/print-job.js";
import { eventually, expectEqual, expectInTheWay } from "./expectations.js";
import {
  changeJob,
  closeJob,
  createSampleJob,
  SAMPLE_CLOSED_STATES,
  SAMPLE_KEYS,
  SAMPLE_OPEN_STATES,
  SAMPLE_PROFILES,
} from "./sample-jobs.js";
import type { StorePromise } from "./store-promise.js";

/** Text that databases and drivers handle wrongly: quotes, an emoji, a lone surrogate, and control characters. */
const ANY_TEXT = 'it\'s "quoted" \\ \u{1F5A8} \ud800 \u0000\u0001\n\u2028 %s $1';

const RICH_PRODUCTION = {
  status: "PRODUCTION_ERROR",
  kioskId: "WIS00001",
  occurredAt: "2026-01-31T11:59:00.123Z",
  errorCode: "PRD_HOPPER_JAM",
  description: ANY_TEXT,
} as const;

const RICH_INTENT = {
  profileId: "123456",
  cardToken: "card of a",
  kioskId: "WIS00001",
  correlationId: "11111111-2222-4333-8444-555555555555",
  previous: RICH_PRODUCTION,
  requestedAt: "2026-01-31T12:00:01.000Z",
  sendBy: "2026-01-31T12:00:06.000Z",
  expiresAt: "2026-01-31T12:00:36.000Z",
  wiseAt: null,
  wiseAtOurs: null,
  requests: 1,
};

/** Returns a job with a value in almost every field, and with fields of a later version. */
function createRichJob(): PrintJob {
  const job = createSampleJob("a", {
    production: RICH_PRODUCTION,
    known: RICH_PRODUCTION,
    intent: RICH_INTENT,
    requestedBy: "O'Neill \\ %s",
  });
  const error = { code: "ERR_TIMEOUT", httpStatus: null, errorCode: null };
  const later = { addedLater: { deep: [1, "two", null, { three: false }] } };
  return { ...job, error, history: [{ ...job.history[0], ...later }], ...later } as unknown as PrintJob;
}

/** Returns a job with the longest history that the rules write, in characters that need the most bytes of UTF-8. */
function createLargestJob(): PrintJob {
  const job = createSampleJob("a", { kioskId: "\u20ac".repeat(200), requestedBy: "\u20ac".repeat(200) });
  const change = { at: job.createdAt, state: job.state, by: null, note: "\u20ac".repeat(500) };
  return { ...job, history: Array.from({ length: 50 }, () => change) };
}

/** Changes each value inside a job, and adds one to each object and list. It cannot change what is frozen. */
function changeDeeply(value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  for (const [name, inner] of Object.entries(value)) {
    changeDeeply(inner);
    Reflect.set(value, name, "changed");
  }
  Reflect.set(value, Object.keys(value).length, "changed");
}

/** Expects that jobs are read as before after an object that was passed in or returned has changed. */
async function expectUnaffected(read: () => Promise<unknown>, object: unknown): Promise<void> {
  const before = structuredClone(await read());
  changeDeeply(object);
  expectEqual(await read(), before);
}

/** What `insert`, `replace` and `get` promise. */
export const WRITING_PROMISES: readonly StorePromise[] = [
  {
    text: "returns a job as it was inserted, with fields and text of any kind",
    async check(store) {
      expectEqual(await store.insert(createRichJob()), { inserted: true });
      expectEqual(await store.get("a"), createRichJob());
    },
  },
  {
    text: "returns a job as it was replaced, with fields and text of any kind",
    async check(store) {
      await store.insert(createSampleJob("a"));
      const job = { ...createRichJob(), version: 2 };
      expectEqual(await store.replace(job, 1), "replaced");
      expectEqual(await store.get("a"), job);
    },
  },
  {
    text: "returns a job as it was inserted, with a history of 50 changes and notes of 500 characters",
    async check(store) {
      expectEqual(await store.insert(createLargestJob()), { inserted: true });
      expectEqual(await store.get("a"), createLargestJob());
    },
  },
  {
    text: "returns undefined for an id that no job has",
    async check(store) {
      expectEqual(await store.get("a"), undefined);
    },
  },
  {
    text: "does not change a job when an object that was passed in or returned changes",
    async check(store) {
      const job = createSampleJob("a", { intent: { ...RICH_INTENT, previous: null } });
      const get = () => store.get("a");
      const inserted = structuredClone(job);
      await store.insert(inserted);
      await expectUnaffected(get, inserted);
      const replaced = structuredClone(changeJob(job, {}));
      await store.replace(replaced, 1);
      await expectUnaffected(get, replaced);
      const reads: readonly (() => Promise<unknown>)[] = [
        get,
        () => store.insert(createSampleJob("a")),
        () => store.jobsOf(job, 10),
        () => store.due({ before: "9999-12-31T23:59:59.999Z", limit: 10 }),
        () => store.list({ limit: 10 }),
      ];
      for (const read of reads) await eventually(async () => expectUnaffected(read, await read()));
    },
  },
  {
    text: "inserts no second job with the same id, and returns the first one, open or closed",
    async check(store) {
      await store.insert(createSampleJob("a"));
      expectEqual(await store.insert(createSampleJob("a", { kioskId: "WIS00002" })), {
        inserted: false,
        job: createSampleJob("a"),
      });
      await store.replace(closeJob(createSampleJob("a")), 1);
      expectInTheWay(await store.insert(createSampleJob("a")), "a");
      expectEqual(await store.get("a"), closeJob(createSampleJob("a")));
    },
  },
  {
    text: "inserts no job while another job of its card is open, and returns that one",
    async check(store) {
      for (const state of SAMPLE_OPEN_STATES) {
        const open = createSampleJob(`open: ${state}`, { state });
        await store.insert(open);
        const other = createSampleJob(`other: ${state}`, { cardToken: open.cardToken });
        expectEqual(await store.insert(other), { inserted: false, job: open });
        expectEqual(await store.get(other.id), undefined);
      }
    },
  },
  {
    text: "returns the job in the way as it was stored, with fields and text of any kind",
    async check(store) {
      const job = createRichJob();
      await store.insert(job);
      expectEqual(await store.insert(createSampleJob("a")), { inserted: false, job });
      const { profileId, cardToken } = job;
      expectEqual(await store.insert(createSampleJob("b", { profileId, cardToken })), { inserted: false, job });
    },
  },
  {
    text: "distinguishes ids by each of up to 200 characters: by case, accents, and a space at the end",
    async check(store) {
      for (const id of SAMPLE_KEYS)
        expectEqual([id, await store.insert(createSampleJob(id))], [id, { inserted: true }]);
      for (const id of SAMPLE_KEYS) expectEqual(await store.get(id), createSampleJob(id));
    },
  },
  {
    text: "returns the job with the same id even if the open job of the card is in the way too",
    async check(store) {
      const cardToken = "card";
      await store.insert(closeJob(createSampleJob("a", { cardToken })));
      await store.insert(createSampleJob("b", { cardToken }));
      expectInTheWay(await store.insert(createSampleJob("a", { cardToken })), "a");
    },
  },
  {
    text: "inserts a job if all jobs of its card are closed",
    async check(store) {
      for (const [index, state] of SAMPLE_CLOSED_STATES.entries()) {
        expectEqual(await store.insert(createSampleJob(`${index}`, { cardToken: "card", state })), { inserted: true });
      }
      expectEqual(await store.insert(createSampleJob("next", { cardToken: "card" })), { inserted: true });
    },
  },
  {
    text: "distinguishes cards by their profile, also beyond 32 bits, and by each character of their token",
    async check(store) {
      const cards = [
        ...SAMPLE_KEYS.map((cardToken) => ({ profileId: "123456", cardToken })),
        ...SAMPLE_PROFILES.map((profileId) => ({ profileId, cardToken: "e" })),
      ];
      const jobs = cards.map((card, index) => createSampleJob(`job ${index}`, card));
      for (const job of jobs) expectEqual([job, await store.insert(job)], [job, { inserted: true }]);
      for (const job of jobs) expectEqual(await store.jobsOf(job, 10), [job]);
    },
  },
  {
    text: "replaces only the version that was expected, and no job that does not exist",
    async check(store) {
      const job = createSampleJob("a");
      expectEqual(await store.replace(changeJob(job, {}), 1), "stale");
      await store.insert(job);
      const next = changeJob(job, { state: "unresolved" });
      expectEqual(await store.replace(next, 2), "stale");
      expectEqual(await store.get("a"), job);
      expectEqual(await store.replace(next, 1), "replaced");
      expectEqual(await store.replace(next, 1), "stale");
      expectEqual(await store.get("a"), next);
    },
  },
  {
    text: "inserts the next job of a card after the open one was replaced by a closed one",
    async check(store) {
      await store.insert(createSampleJob("a", { cardToken: "card" }));
      await store.replace(closeJob(createSampleJob("a", { cardToken: "card" })), 1);
      expectEqual(await store.insert(createSampleJob("b", { cardToken: "card" })), { inserted: true });
    },
  },
  {
    text: "opens a closed job again only if no other job of its card is open",
    async check(store) {
      const job = createSampleJob("a", { cardToken: "card", state: "not-sent" });
      await store.insert(job);
      await store.insert(createSampleJob("b", { cardToken: "card" }));
      expectEqual(await store.replace(changeJob(job, { state: "accepted" }), 1), "blocked");
      expectEqual(await store.replace(changeJob(job, { state: "accepted" }), 7), "stale");
      expectEqual(await store.get("a"), job);
      expectEqual(await store.replace(changeJob(job, { state: "produced" }), 1), "replaced");
      await store.replace(closeJob(createSampleJob("b", { cardToken: "card" })), 1);
      expectEqual(await store.replace(changeJob({ ...job, version: 2 }, { state: "accepted" }), 2), "replaced");
      expectInTheWay(await store.insert(createSampleJob("c", { cardToken: "card" })), "a");
      const locking: PrintJobState[] = [];
      for (const state of SAMPLE_OPEN_STATES) {
        await store.insert(createSampleJob(`closed: ${state}`, { cardToken: state, state: "not-sent" }));
        await store.insert(createSampleJob(`open: ${state}`, { cardToken: state, state }));
        // That an open job keeps others from being inserted is another promise.
        if (!(await store.insert(createSampleJob(`other: ${state}`, { cardToken: state }))).inserted)
          locking.push(state);
      }
      for (const beside of locking) {
        const closed = createSampleJob(`closed: ${beside}`, { cardToken: beside, state: "not-sent" });
        for (const state of locking) expectEqual(await store.replace(changeJob(closed, { state }), 1), "blocked");
      }
    },
  },
];
