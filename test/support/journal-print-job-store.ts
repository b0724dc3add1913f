import { closeSync, fsyncSync, linkSync, openSync, readdirSync, readFileSync, unlinkSync, writeSync } from "node:fs";
import { memoryPrintJobStore, type PrintJob, type PrintJobStore } from "wise-card-kiosk/print-jobs";

/** How often another process may write in between, before a write fails. */
const MOST_TRIES = 100;

/**
 * Creates a store that survives the death of its process, and that any number of processes can use at the same time. It keeps all
 * jobs in one file, and writes a new file for each change: `1.json`, `2.json` and so on. If two processes write the same number,
 * one of them finds that it exists and tries again.
 */
export function journalPrintJobStore(folder: string): PrintJobStore {
  const change = async <T>(work: (store: PrintJobStore) => Promise<T>): Promise<T> => {
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const number = latestNumber(folder);
      const before = readJobs(folder, number);
      const memory = await memoryWith(before);
      const result = await work(memory);
      const after = await allJobs(memory);
      if (JSON.stringify(after) === JSON.stringify(before) || writeJobs(folder, number + 1, after)) return result;
    }
    throw new Error(`${MOST_TRIES} writes in a row found that another process had written`);
  };
  const look = async <T>(work: (store: PrintJobStore) => Promise<T>) => work(await memoryWith(latestJobs(folder)));
  return {
    insert: (job) => change((store) => store.insert(job)),
    replace: (job, expectedVersion) => change((store) => store.replace(job, expectedVersion)),
    purge: (query) => change((store) => store.purge(query)),
    get: (id) => look((store) => store.get(id)),
    jobsOf: (card, limit) => look((store) => store.jobsOf(card, limit)),
    due: (query) => look((store) => store.due(query)),
    list: (query) => look((store) => store.list(query)),
  };
}

/** Returns all jobs after the first write, then all jobs after the second one, and so on. */
export function journalOf(folder: string): readonly PrintJob[] {
  return Array.from({ length: latestNumber(folder) }, (_, index) => readJobs(folder, index + 1)).flat();
}

function latestJobs(folder: string): readonly PrintJob[] {
  return readJobs(folder, latestNumber(folder));
}

function latestNumber(folder: string): number {
  return Math.max(
    0,
    ...readdirSync(folder).flatMap((name) => (/^\d+\.json$/.test(name) ? [Number.parseInt(name, 10)] : [])),
  );
}

/** Returns the jobs, the oldest first. */
function readJobs(folder: string, number: number): readonly PrintJob[] {
  return number === 0 ? [] : JSON.parse(readFileSync(`${folder}/${number}.json`, "utf8"));
}

/** Returns whether the jobs are written. They are not if there is a file with this number. */
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

async function memoryWith(jobs: readonly PrintJob[]): Promise<PrintJobStore> {
  const memory = memoryPrintJobStore();
  for (const job of jobs) await memory.insert(job);
  return memory;
}

async function allJobs(store: PrintJobStore): Promise<readonly PrintJob[]> {
  return [...(await store.list({ limit: Number.MAX_SAFE_INTEGER }))].reverse();
}
