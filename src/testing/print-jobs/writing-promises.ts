import type { PrintJob, PrintJobState } from "../../print-jobs/record/print-job.js";
import { expectEqual, expectInTheWay } from "./expectations.js";
import { changed, closed, sampleJob } from "./sample-jobs.js";
import type { StorePromise } from "./store-promise.js";

/** Text that databases and drivers get wrong: quotes, an emoji, half of one, and the characters below the space. */
const ANY_TEXT = 'it\'s "quoted" \\ \u{1F5A8} \ud800 \u0000\u0001\n\u2028 %s $1';

const PRODUCTION = {
  status: "PRODUCTION_ERROR",
  kioskId: "WIS00001",
  occurredAt: "2026-01-31T11:59:00.123Z",
  errorCode: "PRD_HOPPER_JAM",
  description: ANY_TEXT,
} as const;

const INTENT = {
  profileId: "123456",
  cardToken: "card of a",
  kioskId: "WIS00001",
  correlationId: "11111111-2222-4333-8444-555555555555",
  previous: PRODUCTION,
  requestedAt: "2026-01-31T12:00:01.000Z",
  sendBy: "2026-01-31T12:00:06.000Z",
  expiresAt: "2026-01-31T12:00:36.000Z",
  wiseAt: null,
  wiseAtOurs: null,
  requests: 1,
};

/** A job with something in every field, and with fields of a later version. */
function richJob(): PrintJob {
  const job = sampleJob("a", {
    production: PRODUCTION,
    known: PRODUCTION,
    intent: INTENT,
    requestedBy: "O'Neill \\ %s",
  });
  const error = { code: "ERR_TIMEOUT", httpStatus: null, errorCode: null };
  const later = { addedLater: { deep: [1, "two", null, { three: false }] } };
  return { ...job, error, history: [{ ...job.history[0], ...later }], ...later } as unknown as PrintJob;
}

const OPEN: readonly PrintJobState[] = ["requested", "accepted", "unresolved", "added later" as PrintJobState];
const CLOSED: readonly PrintJobState[] = ["produced", "failed", "refused", "not-sent"];

/** What `insert`, `replace` and `get` promise. */
export const WRITING_PROMISES: readonly StorePromise[] = [
  {
    text: "returns a job as it was inserted, with fields and text of any kind",
    async check(store) {
      expectEqual(await store.insert(richJob()), { inserted: true });
      expectEqual(await store.get("a"), richJob());
    },
  },
  {
    text: "returns a job as it was replaced, with fields and text of any kind",
    async check(store) {
      await store.insert(sampleJob("a"));
      const job = { ...richJob(), version: 2 };
      expectEqual(await store.replace(job, 1), "replaced");
      expectEqual(await store.get("a"), job);
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
      const job = { ...sampleJob("a") };
      await store.insert(job);
      job.state = "produced";
      const stored: { state: PrintJobState } | undefined = await store.get("a");
      expectEqual(stored, sampleJob("a"));
      if (stored !== undefined) stored.state = "produced";
      expectEqual(await store.get("a"), sampleJob("a"));
    },
  },
  {
    text: "inserts no second job with the same id, and returns the first one, open or closed",
    async check(store) {
      await store.insert(sampleJob("a"));
      expectEqual(await store.insert(sampleJob("a", { kioskId: "WIS00002" })), {
        inserted: false,
        job: sampleJob("a"),
      });
      await store.replace(closed(sampleJob("a")), 1);
      expectInTheWay(await store.insert(sampleJob("a")), "a");
      expectEqual(await store.get("a"), closed(sampleJob("a")));
    },
  },
  {
    text: "inserts no job while another job of its card is open, and returns that one",
    async check(store) {
      for (const state of OPEN) {
        const open = sampleJob(`open: ${state}`, { state });
        await store.insert(open);
        expectEqual(await store.insert(sampleJob(`other: ${state}`, { cardToken: open.cardToken })), {
          inserted: false,
          job: open,
        });
        expectEqual(await store.get(`other: ${state}`), undefined);
      }
    },
  },
  {
    text: "returns the job with the same id if the open job of the card is in the way too",
    async check(store) {
      const cardToken = "card";
      await store.insert(closed(sampleJob("a", { cardToken })));
      await store.insert(sampleJob("b", { cardToken }));
      expectInTheWay(await store.insert(sampleJob("a", { cardToken })), "a");
    },
  },
  {
    text: "inserts a job if all jobs of its card are closed",
    async check(store) {
      for (const [index, state] of CLOSED.entries()) {
        const inserted = await store.insert(sampleJob(`closed ${index}`, { cardToken: "card", state }));
        expectEqual(inserted, { inserted: true });
      }
      expectEqual(await store.insert(sampleJob("next", { cardToken: "card" })), { inserted: true });
    },
  },
  {
    text: "tells cards apart by their profile and by their token",
    async check(store) {
      await store.insert(sampleJob("a", { cardToken: "card" }));
      expectEqual(await store.insert(sampleJob("b", { cardToken: "Card" })), { inserted: true });
      expectEqual(await store.insert(sampleJob("c", { cardToken: "card", profileId: "654321" })), { inserted: true });
    },
  },
  {
    text: "replaces only the version that was expected, and no job that is not there",
    async check(store) {
      const job = sampleJob("a");
      expectEqual(await store.replace(changed(job, {}), 1), "stale");
      await store.insert(job);
      const next = changed(job, { state: "unresolved" });
      expectEqual(await store.replace(next, 2), "stale");
      expectEqual(await store.get("a"), job);
      expectEqual(await store.replace(next, 1), "replaced");
      expectEqual(await store.replace(next, 1), "stale");
      expectEqual(await store.get("a"), next);
    },
  },
  {
    text: "lets the next job of a card in once the open one was replaced by a closed one",
    async check(store) {
      await store.insert(sampleJob("a", { cardToken: "card" }));
      await store.replace(closed(sampleJob("a", { cardToken: "card" })), 1);
      expectEqual(await store.insert(sampleJob("b", { cardToken: "card" })), { inserted: true });
    },
  },
  {
    text: "opens a closed job again only if no other job of its card is open",
    async check(store) {
      const job = sampleJob("a", { cardToken: "card", state: "not-sent" });
      await store.insert(job);
      await store.insert(sampleJob("b", { cardToken: "card" }));
      expectEqual(await store.replace(changed(job, { state: "accepted" }), 1), "blocked");
      expectEqual(await store.replace(changed(job, { state: "accepted" }), 7), "stale");
      expectEqual(await store.get("a"), job);
      expectEqual(await store.replace(changed(job, { state: "produced" }), 1), "replaced");
      await store.replace(closed(sampleJob("b", { cardToken: "card" })), 1);
      expectEqual(await store.replace(changed({ ...job, version: 2 }, { state: "accepted" }), 2), "replaced");
      expectInTheWay(await store.insert(sampleJob("c", { cardToken: "card" })), "a");
    },
  },
];
