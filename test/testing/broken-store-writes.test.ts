import { expect, it } from "vitest";
import { isOpenPrintJob, type PrintJob, type PrintJobStore } from "wise-card-kiosk/print-jobs";
import { checkPrintJobStore } from "wise-card-kiosk/testing";
import {
  type BrokenStore,
  changed,
  changedOnGet,
  findBrokenStorePromises,
  keyed,
} from "../support/broken-print-job-stores.js";
import { faultyPrintJobStore } from "../support/faulty-print-job-store.js";

const changedOnWrite = (change: (job: PrintJob) => PrintJob): (() => PrintJobStore) =>
  changed((store) => ({
    insert: (job) => store.insert(change(job)),
    replace: (job, version) => store.replace(change(job), version),
  }));

const changedInTheWay = (change: (found: PrintJob, given: PrintJob) => PrintJob): (() => PrintJobStore) =>
  changed((store) => ({
    insert: async (job) => {
      const insertion = await store.insert(job);
      return insertion.inserted ? insertion : { ...insertion, job: change(insertion.job, job) };
    },
  }));

/** Returns the text if a column of 36 characters can hold it. */
const toShortText = (text: string) => {
  if (text.length > 36) throw new Error("value too long");
  return text;
};

const toInteger = (digits: string) => {
  if (Number(digits) > 2 ** 31 - 1) throw new Error("out of range");
  return digits;
};

const refusing = (check: (job: PrintJob) => unknown) =>
  changedOnWrite((job) => {
    check(job);
    return job;
  });

const withoutAccents = (text: string) => text.normalize("NFD").replace(/\p{M}/gu, "");
const withoutSpaces = (text: string) => text.replace(/ +$/, "");

const clone = (job: PrintJob) => structuredClone(job);

/** Creates a store that shares the objects inside jobs with its callers, where `copy` does not copy them. */
const sharing = (copy: {
  readonly onWrite?: (job: PrintJob) => PrintJob;
  readonly onRead?: (job: PrintJob) => PrintJob;
  readonly onList?: (job: PrintJob) => PrintJob;
}) =>
  changed((store) => {
    const { onWrite = clone, onRead = clone, onList = clone } = copy;
    const kept = new Map<string, PrintJob>();
    const keep = (job: PrintJob) => kept.set(`${job.id} ${job.version}`, onWrite(job));
    const find = ({ id, version }: PrintJob) => kept.get(`${id} ${version}`) as PrintJob;
    return {
      async insert(job) {
        const insertion = await store.insert(job);
        if (!insertion.inserted) return { inserted: false, job: onRead(find(insertion.job)) };
        keep(job);
        return insertion;
      },
      async replace(job, version) {
        const result = await store.replace(job, version);
        if (result === "replaced") keep(job);
        return result;
      },
      async get(id) {
        const job = await store.get(id);
        return job === undefined ? undefined : onRead(find(job));
      },
      jobsOf: async (card, limit) => (await store.jobsOf(card, limit)).map((job) => onRead(find(job))),
      due: async (query) => (await store.due(query)).map((job) => onList(find(job))),
      list: async (query) => (await store.list(query)).map((job) => onList(find(job))),
    };
  });

const BROKEN_STORES: readonly BrokenStore[] = [
  // What is stored.
  [
    "drops fields that it does not know",
    changedOnWrite((job) => Object.fromEntries(Object.entries(job).filter(([name]) => name !== "addedLater")) as never),
    ["inserted", "replaced", "inTheWay"],
  ],
  [
    "drops characters",
    changedOnWrite((job) => JSON.parse(JSON.stringify(job).replaceAll("\\u0000", ""))),
    ["inserted", "replaced", "inTheWay"],
  ],
  [
    "cuts off long text",
    changedOnWrite((job) => JSON.parse(JSON.stringify(job, (_name, value) => value?.slice?.(0, 400) ?? value))),
    ["largest"],
  ],
  [
    "keeps the newest changes of a history only",
    changedOnWrite((job) => ({ ...job, history: job.history.slice(-49) })),
    ["largest"],
  ],
  [
    "stores a list as an object",
    changedOnGet((job) => ({ ...job, history: job.error === null ? job.history : { ...job.history } })),
    ["inserted", "replaced"],
  ],
  ["stores an object as a list", changedOnGet((job) => ({ ...job, error: job.error && [] })), ["inserted", "replaced"]],
  [
    "stores null as an empty object",
    changedOnGet((job) => ({ ...job, error: job.error && { ...job.error, httpStatus: {} } })),
    ["inserted", "replaced"],
  ],
  [
    "adds fields",
    changedOnGet((job) => ({ ...job, error: job.error && { ...job.error, id: 1 } })),
    ["inserted", "replaced"],
  ],
  [
    "rounds times to seconds",
    changedOnWrite((job) => JSON.parse(JSON.stringify(job).replaceAll(".123Z", ".000Z"))),
    ["inserted", "replaced", "inTheWay"],
  ],
  [
    "counts versions itself",
    changed((store) => ({ replace: (job, version) => store.replace({ ...job, version: version + 2 }, version) })),
    ["replaced", "idOnce", "versions", "openAgain", "ofCard", "raceForVersion"],
  ],
  [
    "keeps the fields that a replacement changes",
    changed((store) => ({
      replace: async (job, version) => store.replace({ ...job, ...(await store.get(job.id)), version: 2 }, version),
    })),
    ["replaced", "idOnce", "versions", "unlock", "openAgain", "ofCard", "due", "pages", "raceForVersion", "raceToOpen"],
  ],
  [
    "says that it has replaced a job, but has not",
    changed((store) => ({
      replace: async ({ id }, version) => ((await store.get(id))?.version === version ? "replaced" : "stale"),
    })),
    ["replaced", "idOnce", "versions", "unlock", "openAgain", "ofCard", "due", "pages", "raceForVersion", "raceToOpen"],
  ],
  [
    "returns null for no job",
    changed((store) => ({ get: async (id) => (await store.get(id)) ?? (null as never) })),
    ["noJob", "lock"],
  ],
  [
    "returns an empty object for no job",
    changed((store) => ({ get: async (id) => (await store.get(id)) ?? ({} as never) })),
    ["noJob", "lock"],
  ],
  [
    "keeps the objects that it was given",
    changed((store) => {
      const given = new Map<string, PrintJob>();
      return {
        insert: async (job) => {
          const insertion = await store.insert(job);
          if (insertion.inserted) given.set(job.id, job);
          return insertion;
        },
        get: async (id) => {
          const job = await store.get(id);
          return job?.version === 1 ? structuredClone(given.get(id)) : job;
        },
      };
    }),
    ["ownObjects"],
  ],
  [
    "returns the objects that it keeps",
    changed((store) => {
      const kept = new Map<string, PrintJob>();
      return {
        get: async (id) => {
          const job = await store.get(id);
          if (job === undefined) return undefined;
          const key = `${id} ${job.version}`;
          const first = kept.get(key) ?? job;
          kept.set(key, first);
          return first;
        },
      };
    }),
    ["ownObjects"],
  ],
  ["shares the history of a job that it was given", sharing({ onWrite: (job) => ({ ...job }) }), ["ownObjects"]],
  [
    "shares the changes of a history that it was given",
    sharing({ onWrite: (job) => ({ ...job, history: [...job.history], intent: job.intent && { ...job.intent } }) }),
    ["ownObjects"],
  ],
  [
    "shares the list of a history, and copies the changes in it",
    sharing({ onRead: (job) => ({ ...structuredClone(job), history: job.history }) }),
    ["ownObjects"],
  ],
  [
    "shares the intents that it returns",
    sharing({ onRead: (job) => ({ ...structuredClone(job), intent: job.intent }) }),
    ["ownObjects"],
  ],
  ["shares what due and list return", sharing({ onList: (job) => ({ ...job }) }), ["ownObjects"]],
  // Ids.
  ["cuts ids at 199 characters", keyed({ id: (id) => id.slice(0, 199) }), ["idCase"]],
  ["ignores accents in ids", keyed({ id: withoutAccents }), ["idCase"]],
  ["ignores how an accent in an id is written", keyed({ id: (id) => id.normalize("NFC") }), ["idCase"]],
  ["ignores spaces at the end of ids", keyed({ id: withoutSpaces }), ["idCase"]],
  ["ignores invisible characters in ids", keyed({ id: (id) => id.replace(/\p{Cf}/gu, "") }), ["idCase"]],
  [
    "compares ids without case",
    changed((store) => ({
      insert: (job) => store.insert({ ...job, id: job.id.toLowerCase() }),
      get: (id) => store.get(id.toLowerCase()),
    })),
    ["idCase"],
  ],
  [
    "inserts a second job with the same id in place of the first",
    changed((store) => ({
      async insert(job) {
        const first = await store.get(job.id);
        if (first === undefined) return store.insert(job);
        await store.replace({ ...job, version: first.version }, first.version);
        return { inserted: true };
      },
    })),
    ["idOnce", "inTheWay", "idFirst"],
  ],
  [
    "inserts a job again when the first one is closed",
    changed((store) => ({
      async insert(job) {
        const first = await store.get(job.id);
        if (first === undefined || isOpenPrintJob(first)) return store.insert(job);
        await store.replace(job, first.version);
        return { inserted: true };
      },
    })),
    ["idOnce", "idFirst"],
  ],
  [
    "overwrites the closed job that is in the way",
    changed((store) => ({
      async insert(job) {
        const insertion = await store.insert(job);
        if (!insertion.inserted && !isOpenPrintJob(insertion.job)) await store.replace(job, insertion.job.version);
        return insertion;
      },
    })),
    ["idOnce"],
  ],
  // The job in the way.
  ["returns only a part of the job in the way", changedInTheWay((found) => ({ ...found, known: null })), ["inTheWay"]],
  [
    "returns the job that it was given as the one in the way",
    changedInTheWay((_found, given) => given),
    ["idOnce", "lock", "inTheWay", "openAgain", "raceForCard"],
  ],
  [
    "returns only the id of the job in the way",
    changedInTheWay(({ id }) => ({ id }) as PrintJob),
    ["idOnce", "lock", "inTheWay"],
  ],
  [
    "returns the open job of the card rather than the one with the same id",
    changed((store) => ({
      async insert(job) {
        const insertion = await store.insert(job);
        const open = (await store.jobsOf(job, 100)).find(isOpenPrintJob);
        return insertion.inserted ? insertion : { inserted: false, job: open ?? insertion.job };
      },
    })),
    ["idFirst"],
  ],
  [
    "stores the job that it did not insert",
    changed((store) => {
      const others = new Map<string, PrintJob>();
      return {
        async insert(job) {
          const insertion = await store.insert(job);
          if (!insertion.inserted) others.set(job.id, job);
          return insertion;
        },
        get: async (id) => (await store.get(id)) ?? others.get(id),
      };
    }),
    ["lock"],
  ],
  // The lock of a card.
  [
    "has no lock",
    () => faultyPrintJobStore({ isOpen: () => false }),
    ["lock", "inTheWay", "openAgain", "raceForCard", "raceToOpen"],
  ],
  [
    "takes only the states that it knows for open",
    () => faultyPrintJobStore({ isOpen: ({ state }) => ["requested", "accepted", "unresolved"].includes(state) }),
    ["lock"],
  ],
  [
    "takes an unresolved job for closed",
    () => faultyPrintJobStore({ isOpen: (job) => isOpenPrintJob(job) && job.state !== "unresolved" }),
    ["lock"],
  ],
  [
    "takes a job that was not sent for open",
    () => faultyPrintJobStore({ isOpen: (job) => isOpenPrintJob(job) || job.state === "not-sent" }),
    ["closedCard", "openAgain", "raceToOpen"],
  ],
  [
    "allows one job for each card",
    () => faultyPrintJobStore({ isOpen: () => true }),
    ["closedCard", "unlock", "openAgain", "ofCard", "raceToOpen"],
  ],
  [
    "ignores the profile",
    () => faultyPrintJobStore({ isSameCard: (one, other) => one.cardToken === other.cardToken }),
    ["cards", "ofCard"],
  ],
  ["keeps 32 bits of a profile", keyed({ profileId: (id) => String(Number(id) | 0) }), ["cards"]],
  ["keeps a profile as a float of 32 bits", keyed({ profileId: (id) => String(Math.fround(Number(id))) }), ["cards"]],
  ["cuts tokens at 199 characters", keyed({ cardToken: (token) => token.slice(0, 199) }), ["idCase", "cards"]],
  ["ignores accents in tokens", keyed({ cardToken: withoutAccents }), ["idCase", "cards"]],
  ["ignores spaces at the end of tokens", keyed({ cardToken: withoutSpaces }), ["idCase", "cards"]],
  [
    "compares the tokens of cards without case",
    () =>
      faultyPrintJobStore({
        isSameCard: (one, other) =>
          one.profileId === other.profileId && one.cardToken.toLowerCase() === other.cardToken.toLowerCase(),
      }),
    ["idCase", "cards"],
  ],
  [
    "keeps the lock of a job that is closed",
    changed((store) => {
      const locks = new Map<string, PrintJob>();
      return {
        async insert(job) {
          const lock = locks.get(job.profileId + job.cardToken);
          if (lock !== undefined && lock.id !== job.id && isOpenPrintJob(job)) return { inserted: false, job: lock };
          const insertion = await store.insert(job);
          if (insertion.inserted && isOpenPrintJob(job)) locks.set(job.profileId + job.cardToken, structuredClone(job));
          return insertion;
        },
      };
    }),
    ["idFirst", "unlock", "openAgain"],
  ],
  // Replacing.
  [
    "ignores versions",
    changed((store) => ({
      replace: async (job, version) => store.replace(job, (await store.get(job.id))?.version ?? version),
    })),
    ["versions", "openAgain"],
  ],
  [
    "replaces an earlier version than the expected one",
    changed((store) => ({
      async replace(job, version) {
        const stored = await store.get(job.id);
        return store.replace(job, stored !== undefined && stored.version < version ? stored.version : version);
      },
    })),
    ["versions", "openAgain"],
  ],
  [
    "replaces a later version than the expected one",
    changed((store) => ({
      async replace(job, version) {
        const stored = await store.get(job.id);
        return store.replace(job, stored !== undefined && stored.version > version ? stored.version : version);
      },
    })),
    ["versions"],
  ],
  [
    "replaces a job although it says that the version is stale",
    changed((store) => ({
      async replace(job, version) {
        const result = await store.replace(job, version);
        const stored = await store.get(job.id);
        if (result === "stale" && stored !== undefined) await store.replace(job, stored.version);
        return result;
      },
    })),
    ["versions", "raceForVersion"],
  ],
  [
    "inserts the job that it should replace",
    changed((store) => ({
      async replace(job, version) {
        if ((await store.get(job.id)) !== undefined) return store.replace(job, version);
        return (await store.insert(job)).inserted ? "replaced" : "blocked";
      },
    })),
    ["versions"],
  ],
  [
    "opens jobs again whatever else is open",
    () => faultyPrintJobStore({ isOpen: (job) => isOpenPrintJob(job) && job.version === 1 }),
    ["openAgain", "raceToOpen"],
  ],
  [
    "opens jobs again beside an open job in a state that it does not know",
    changed((store) => ({
      async replace(job, version) {
        const result = await store.replace(job, version);
        const [open] = (await store.jobsOf(job, 100)).filter((one) => isOpenPrintJob(one) && one.id !== job.id);
        return result === "blocked" && open?.state === ("added later" as never) ? "replaced" : result;
      },
    })),
    ["openAgain"],
  ],
  [
    "opens jobs again in a state that it does not know",
    changed((store) => ({
      async replace(job, version) {
        const result = await store.replace(job, version);
        return result === "blocked" && job.state === ("added later" as never) ? "replaced" : result;
      },
    })),
    ["openAgain"],
  ],
  [
    "says that a version is blocked rather than stale",
    changed((store) => ({
      async replace(job, version) {
        const others = await store.jobsOf(job, 100);
        const isBlocked = isOpenPrintJob(job) && others.some((one) => isOpenPrintJob(one) && one.id !== job.id);
        return isBlocked ? "blocked" : store.replace(job, version);
      },
    })),
    ["openAgain"],
  ],
  [
    "says stale rather than blocked",
    changed((store) => ({
      async replace(job, version) {
        const result = await store.replace(job, version);
        return result === "blocked" ? "stale" : result;
      },
    })),
    ["openAgain", "raceToOpen"],
  ],
  [
    "replaces a job although it says that it is blocked",
    changed((store) => {
      const reopened = new Map<string, PrintJob>();
      return {
        async replace(job, version) {
          const result = await store.replace(job, version);
          if (result === "blocked") reopened.set(job.id, job);
          if (result === "replaced") reopened.delete(job.id);
          return result;
        },
        get: async (id) => reopened.get(id) ?? store.get(id),
      };
    }),
    ["openAgain"],
  ],
  [
    "replaces no job while another one of its card is open",
    changed((store) => ({
      async replace(job, version) {
        const others = await store.jobsOf(job, 100);
        if ((await store.get(job.id))?.version !== version) return "stale";
        return others.some((one) => isOpenPrintJob(one) && one.id !== job.id) ? "blocked" : store.replace(job, version);
      },
    })),
    ["openAgain", "ofCard"],
  ],
  [
    "does not change the state of a closed job to another closed one",
    changed((store) => ({
      async replace(job, version) {
        const stored = await store.get(job.id);
        if (stored?.version !== version) return "stale";
        const closed = [job, stored].filter((one) => !isOpenPrintJob(one));
        return closed.length === 2 && job.state !== stored.state ? "blocked" : store.replace(job, version);
      },
    })),
    ["openAgain"],
  ],
  [
    "never opens a job again",
    changed((store) => ({
      async replace(job, version) {
        const stored = await store.get(job.id);
        if (stored?.version !== version) return "stale";
        return isOpenPrintJob(job) && !isOpenPrintJob(stored) ? "blocked" : store.replace(job, version);
      },
    })),
    ["openAgain"],
  ],
  [
    "does not lock the card of a job that is opened again",
    () => faultyPrintJobStore({ isOpen: (job) => isOpenPrintJob(job) && job.version <= 2 }),
    ["openAgain"],
  ],
];

it.each(BROKEN_STORES)("checkPrintJobStore refuses a store that %s", async (_what, createStore, broken) => {
  const found = await findBrokenStorePromises(createStore);
  expect(found.map(({ name }) => name)).toEqual(broken);
});

it("checkPrintJobStore refuses a store that rejects jobs of more than 1500 bytes", async () => {
  const createStore = changed((store) => ({
    async insert(job) {
      if (Buffer.byteLength(JSON.stringify(job)) > 1500) throw new Error("too large");
      return store.insert(job);
    },
  }));
  await expect(checkPrintJobStore(createStore)).rejects.toThrow("notes of 500 characters: too large");
});

it.each([
  ["ids of more than 36 characters", keyed({ id: toShortText }), "a space at the end: value too long"],
  [
    "tokens of more than 36 characters",
    keyed({ cardToken: toShortText }),
    "each character of their token: value too long",
  ],
  [
    "kiosks of more than 36 characters",
    refusing(({ kioskId }) => toShortText(kioskId)),
    "500 characters: value too long",
  ],
  [
    "names of more than 36 characters",
    refusing((job) => toShortText(job.requestedBy ?? "")),
    "500 characters: value too long",
  ],
  ["profiles of more than 31 bits", keyed({ profileId: toInteger }), "each character of their token: out of range"],
])("checkPrintJobStore refuses a store that rejects %s", async (_what, createStore, message) => {
  await expect(checkPrintJobStore(createStore)).rejects.toThrow(message);
});
