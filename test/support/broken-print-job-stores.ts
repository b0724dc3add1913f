import { memoryPrintJobStore, type PrintJob, type PrintJobStore } from "wise-card-kiosk/print-jobs";
import { checkPrintJobStore } from "wise-card-kiosk/testing";

/** What `checkPrintJobStore` calls each promise, in its order. */
const STORE_PROMISES = {
  inserted: "returns a job as it was inserted, with fields and text of any kind",
  replaced: "returns a job as it was replaced, with fields and text of any kind",
  largest: "returns a job as it was inserted, with a history of 50 changes and notes of 500 characters",
  noJob: "returns undefined for an id that no job has",
  ownObjects: "does not change a job when an object that was passed in or returned changes",
  idOnce: "inserts no second job with the same id, and returns the first one, open or closed",
  lock: "inserts no job while another job of its card is open, and returns that one",
  inTheWay: "returns the job in the way as it was stored, with fields and text of any kind",
  idCase: "distinguishes ids by each of up to 200 characters: by case, accents, and a space at the end",
  idFirst: "returns the job with the same id even if the open job of the card is in the way too",
  closedCard: "inserts a job if all jobs of its card are closed",
  cards: "distinguishes cards by their profile, also beyond 32 bits, and by each character of their token",
  versions: "replaces only the version that was expected, and no job that does not exist",
  unlock: "inserts the next job of a card after the open one was replaced by a closed one",
  openAgain: "opens a closed job again only if no other job of its card is open",
  ofCard: "returns the jobs of a card in the reverse order of their insertion, whatever their times are",
  due: "returns the jobs that are due, the earliest first, and no closed ones",
  list: "lists jobs in the reverse order of their insertion, by state and by kiosk",
  pages: "lists each job once from page to page, even if the last job of a page has changed since",
  purge: "purges the closed jobs that last changed before a time, and no others",
  raceForCard: "inserts one of several jobs of a card that arrive at the same time, and returns it to the others",
  raceForId: "inserts a job once if it arrives several times at the same time",
  raceForVersion: "lets one of several writers replace a version, and the others find it stale",
  raceToOpen: "keeps only one job of a card open if one is inserted while others are reopened",
};

type StorePromiseName = keyof typeof STORE_PROMISES;

/** A store that breaks promises: what it does, how it is created, and all the promises that it breaks, in their order. */
export type BrokenStore = readonly [
  what: string,
  createStore: () => PrintJobStore,
  broken: readonly StorePromiseName[],
];

/** Returns a function that creates a memory store with some methods replaced. */
export const changed = (change: (store: PrintJobStore) => Partial<PrintJobStore>) => (): PrintJobStore => {
  const store = memoryPrintJobStore();
  return { ...store, ...change(store) };
};

/** Returns a function that creates a memory store whose `get` returns something else in place of a job. */
export const changedOnGet = (change: (job: PrintJob) => unknown): (() => PrintJobStore) =>
  changed((store) => ({
    get: async (id) => {
      const job = await store.get(id);
      return job && (change(job) as PrintJob);
    },
  }));

/** How a store writes the keys of a job into columns, each for itself. By default, unchanged. */
interface KeyColumns {
  readonly id?: (id: string) => string;
  readonly profileId?: (profileId: string) => string;
  readonly cardToken?: (cardToken: string) => string;
}

const same = (key: string) => key;

/** Returns a function that creates a store that finds jobs by their columns, and returns each job as it was stored. */
export const keyed = ({ id = same, profileId = same, cardToken = same }: KeyColumns) =>
  changed((store) => {
    const toRow = (job: PrintJob) => ({
      ...job,
      id: id(job.id),
      profileId: profileId(job.profileId),
      cardToken: cardToken(job.cardToken),
      stored: job,
    });
    const fromRow = (row: PrintJob) => (row as ReturnType<typeof toRow>).stored;
    return {
      async insert(job) {
        const insertion = await store.insert(toRow(job));
        return insertion.inserted ? insertion : { inserted: false, job: fromRow(insertion.job) };
      },
      replace: (job, version) => store.replace(toRow(job), version),
      async get(key) {
        const row = await store.get(id(key));
        return row && fromRow(row);
      },
      async jobsOf(card, limit) {
        const key = { profileId: profileId(card.profileId), cardToken: cardToken(card.cardToken) };
        return (await store.jobsOf(key, limit)).map(fromRow);
      },
      due: async (query) => (await store.due(query)).map(fromRow),
      list: async ({ after, ...query }) =>
        (await store.list({ ...query, after: after === undefined ? after : id(after) })).map(fromRow),
    };
  });

/** What the check says of a broken promise: what it expected, and what it found. */
const REPORT = /^The store (?<text>.+?): expected (?<expected>.+), found (?<found>.+)$/s;

/**
 * Checks a store and returns the promises that it breaks, each with what was expected and found. What the check says in another
 * form is returned as its name.
 */
export async function findBrokenStorePromises(
  createStore: () => PrintJobStore,
): Promise<{ name: string; expected: string | undefined; found: string | undefined }[]> {
  const reports = await checkPrintJobStore(createStore).then(
    () => [],
    (error: Error) => error.message.split("\n- ").slice(1),
  );
  return reports.map((report) => {
    const { text, expected, found } = REPORT.exec(report)?.groups ?? {};
    const [name = report] = Object.entries(STORE_PROMISES).find(([, promise]) => promise === text) ?? [];
    return { name, expected, found };
  });
}
