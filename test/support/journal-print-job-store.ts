import { closeSync, fsyncSync, linkSync, openSync, readdirSync, readFileSync, unlinkSync, writeSync } from "node:fs";
import { memoryPrintJobStore, type PrintJob, type PrintJobStore } from "wise-card-kiosk/print-jobs";

/** The maximum number of attempts to write. Another process may be faster each time. */
const MAX_JOURNAL_WRITES = 100;

/**
 * Creates a store of files that outlives its process. Any number of processes can use it at the same time. Each write creates a new
 * file with all jobs: `1.json`, `2.json` and so on. If two processes write the same number, one of them fails and tries again.
 */
export function journalPrintJobStore(folder: string): PrintJobStore {
  const change = async <T>(work: (store: PrintJobStore) => Promise<T>): Promise<T> => {
    for (let tries = 0; tries < MAX_JOURNAL_WRITES; tries += 1) {
      const number = readLatestNumber(folder);
      const before = readJobs(folder, number);
      const memory = await createMemoryStore(before);
      const result = await work(memory);
      const after = await listAllJobs(memory);
      if (JSON.stringify(after) === JSON.stringify(before) || writeJobs(folder, number + 1, after)) return result;
    }
    throw new Error(`${MAX_JOURNAL_WRITES} writes in a row found that another process had written`);
  };
  const read = async <T>(work: (store: PrintJobStore) => Promise<T>) =>
    work(await createMemoryStore(readLatestJobs(folder)));
  return {
    insert: (job) => change((store) => store.insert(job)),
    replace: (job, expectedVersion) => change((store) => store.replace(job, expectedVersion)),
    purge: (query) => change((store) => store.purge(query)),
    get: (id) => read((store) => store.get(id)),
    jobsOf: (card, limit) => read((store) => store.jobsOf(card, limit)),
    due: (query) => read((store) => store.due(query)),
    list: (query) => read((store) => store.list(query)),
  };
}

/** Returns all jobs after the first write, followed by all jobs after the second write, and so on. */
export function readJournal(folder: string): readonly PrintJob[] {
  return Array.from({ length: readLatestNumber(folder) }, (_, index) => readJobs(folder, index + 1)).flat();
}

function readLatestJobs(folder: string): readonly PrintJob[] {
  return readJobs(folder, readLatestNumber(folder));
}

function readLatestNumber(folder: string): number {
  return Math.max(
    0,
    ...readdirSync(folder).flatMap((name) => (/^\d+\.json$/.test(name) ? [Number.parseInt(name, 10)] : [])),
  );
}

/** Returns the jobs, the oldest first. */
function readJobs(folder: string, number: number): readonly PrintJob[] {
  return number === 0 ? [] : JSON.parse(readFileSync(`${folder}/${number}.json`, "utf8"));
}

/** Writes the jobs. Returns whether that succeeded: it fails if a file with this number exists. */
function writeJobs(folder: string, number: number, jobs: readonly PrintJob[]): boolean {
  const draft = `${folder}/draft-${process.pid}-${number}`;
  const file = openSync(draft, "w");
  writeSync(file, JSON.stringify(jobs));
  fsyncSync(file);
  closeSync(file);
  try {
    linkSync(draft, `${folder}/${number}.json`);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    unlinkSync(draft);
  }
}

async function createMemoryStore(jobs: readonly PrintJob[]): Promise<PrintJobStore> {
  const memory = memoryPrintJobStore();
  for (const job of jobs) await memory.insert(job);
  return memory;
}

async function listAllJobs(store: PrintJobStore): Promise<readonly PrintJob[]> {
  return [...(await store.list({ limit: Number.MAX_SAFE_INTEGER }))].reverse();
}
