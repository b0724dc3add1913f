import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  isOpenPrintJob,
  memoryPrintJobStore,
  type PrintJob,
  type PrintJobCard,
  type PrintJobStore,
} from "wise-card-kiosk/print-jobs";
import { checkPrintJobStore } from "wise-card-kiosk/testing";
import { changed, changedOnGet, findBrokenStorePromises } from "../support/broken-print-job-stores.js";
import { faultyPrintJobStore } from "../support/faulty-print-job-store.js";

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout"] }).setTimerTickMode("nextTimerAsync"));
afterEach(() => void vi.useRealTimers());

/** Creates a store with `due` and `list` that lag behind. */
const laggingStore = (lagMs: number) =>
  changed((store) => {
    const replica = memoryPrintJobStore();
    return {
      async insert(job) {
        const insertion = await store.insert(job);
        if (insertion.inserted) setTimeout(() => void replica.insert(job), lagMs);
        return insertion;
      },
      async replace(job, version) {
        const result = await store.replace(job, version);
        if (result === "replaced") setTimeout(() => void replica.replace(job, version), lagMs);
        return result;
      },
      due: (query) => replica.due(query),
      list: (query) => replica.list(query),
    };
  });

const isInstant = (text: string) => new Date(text).toISOString() === text;

/** Creates a store that refuses what print jobs never ask for. */
const strictStore = changed((store) => {
  const check = (isRight: boolean) => {
    if (!isRight) throw new Error("Print jobs do not ask for that");
  };
  const checkCard = ({ profileId, cardToken }: PrintJobCard) => check(/^\d+$/.test(profileId) && cardToken !== "");
  /** A job never changes its card, and no other card has a job of its id. */
  const checkSameCard = async (job: PrintJob) => {
    const { profileId, cardToken } = (await store.get(job.id)) ?? job;
    check(job.profileId === profileId && job.cardToken === cardToken);
  };
  const checkLimit = (limit: number) => check(Number.isSafeInteger(limit) && limit > 0);
  return {
    insert: async (job) => {
      checkCard(job);
      check((job.dueAt !== null) === isOpenPrintJob(job));
      await checkSameCard(job);
      return store.insert(job);
    },
    replace: async (job, version) => {
      await checkSameCard(job);
      const result = await store.replace(job, version);
      check(result !== "replaced" || job.version === version + 1);
      return result;
    },
    jobsOf: async (card, limit) => {
      checkCard(card);
      checkLimit(limit);
      return store.jobsOf(card, limit);
    },
    due: async ({ before, limit }) => {
      checkLimit(limit);
      check(isInstant(before));
      return store.due({ before, limit });
    },
    list: async (query) => {
      checkLimit(query.limit);
      return store.list(query);
    },
    purge: async ({ closedBefore }) => {
      check(isInstant(closedBefore));
      return store.purge({ closedBefore });
    },
  };
});

/** Text that databases and drivers handle wrongly. */
const ANY_TEXT = 'it\'s "quoted" \\ \u{1F5A8} \ud800 \u0000\u0001\n\u2028 %s $1';

const RICH_PRODUCTION = {
  status: "PRODUCTION_ERROR",
  kioskId: "WIS00001",
  occurredAt: "2026-01-31T11:59:00.123Z",
  errorCode: "PRD_HOPPER_JAM",
  description: ANY_TEXT,
};

const ADDED_LATER = { deep: [1, "two", null, { three: false }] };

/** A job with a value in almost every field, and with fields of a later version. */
const RICH_JOB = {
  format: 1,
  id: "a",
  profileId: "123456",
  cardToken: "card of a",
  kioskId: "WIS00001",
  requestedBy: "O'Neill \\ %s",
  state: "requested",
  evidence: null,
  adopted: false,
  production: RICH_PRODUCTION,
  known: RICH_PRODUCTION,
  intent: {
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
  },
  error: { code: "ERR_TIMEOUT", httpStatus: null, errorCode: null },
  createdAt: "2026-01-31T12:00:00.000Z",
  updatedAt: "2026-01-31T12:00:00.000Z",
  dueAt: "2026-01-31T12:02:00.000Z",
  version: 1,
  history: [{ at: "2026-01-31T12:00:00.000Z", state: "requested", by: null, note: null, addedLater: ADDED_LATER }],
  addedLater: ADDED_LATER,
};

describe("checkPrintJobStore", () => {
  it("accepts memoryPrintJobStore, directly or as a promise", async () => {
    await checkPrintJobStore(memoryPrintJobStore);
    await checkPrintJobStore(async () => memoryPrintJobStore());
  });

  it("accepts a store that lets other calls run between its reads and writes, and checks them again", async () => {
    await checkPrintJobStore(faultyPrintJobStore);
  });

  it("accepts a store that refuses what print jobs never ask for", async () => {
    await checkPrintJobStore(strictStore);
  });

  it("accepts due and list that lag by a second, and no more", async () => {
    await checkPrintJobStore(laggingStore(1000));
    const broken = await findBrokenStorePromises(laggingStore(1001));
    expect(broken.map(({ name }) => name)).toEqual(["due", "list", "pages"]);
  });

  it.each([undefined, null, {}, "text"])("shows the job that was expected if a store returns %j", async (found) => {
    const broken = await findBrokenStorePromises(
      changed(() => ({ get: async () => structuredClone(found) as undefined })),
    );
    const { expected, ...rest } = broken[0] ?? {};
    expect(rest).toEqual({ name: "inserted", found: JSON.stringify(found) ?? "undefined" });
    expect(JSON.parse(String(expected))).toEqual(RICH_JOB);
  });

  it("shows what it has found in place of no job", async () => {
    const broken = await findBrokenStorePromises(changed(() => ({ get: async () => ({}) as never })));
    expect(broken).toContainEqual({ name: "noJob", expected: "undefined", found: "{}" });
  });

  it("shows what it has found in place of null", async () => {
    const createStore = changedOnGet((job) => ({ ...job, evidence: {} }));
    const [{ name, found } = {}] = await findBrokenStorePromises(createStore);
    expect(name).toBe("inserted");
    expect(JSON.parse(String(found))).toEqual({ ...RICH_JOB, evidence: {} });
  });

  it.each([
    [memoryPrintJobStore(), "an object"],
    [undefined, "undefined"],
  ])("asks for a function if createStore is %o", async (createStore, found) => {
    await expect(checkPrintJobStore(createStore as never)).rejects.toMatchObject({
      code: "ERR_ARGUMENT",
      argument: "createStore",
      message: `createStore must be a function that returns an empty store, not ${found}`,
    });
  });

  it("accepts a store that returns frozen jobs", async () => {
    const freeze = (value: unknown): unknown => {
      if (typeof value === "object" && value !== null) Object.values(Object.freeze(value)).forEach(freeze);
      return value;
    };
    await checkPrintJobStore(changedOnGet(freeze));
  });

  it("names every promise of a store that does nothing", async () => {
    const nothing = () => ({}) as PrintJobStore;
    await expect(checkPrintJobStore(nothing)).rejects.toThrow(/^The store breaks (\d+) of \1 promises:/);
  });
});
