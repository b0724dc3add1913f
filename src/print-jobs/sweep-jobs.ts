import { BEFORE_NEXT_READ, type BeforeNextRead } from "../calls/read-schedule.js";
import { DEFAULT_RECONCILE_WINDOW_MS } from "../options/call-limits.js";
import { toTimestamp } from "../production/timestamp.js";
import { throwIfAborted } from "../time/abort-reason.js";
import type { JobChanges } from "./job-changes.js";
import { toPrintJobError } from "./job-error.js";
import type { PrintJobsClient } from "./print-jobs-options.js";
import type { ReadPace } from "./read-pace.js";
import type { PrintJob } from "./record/print-job.js";
import type { PrintJobInput } from "./rules/print-job-input.js";

/**
 * How much longer than by our clock the window of a request may stay open, before the outcome is unknown: clocks may be 2 minutes
 * apart. After 5 minutes more, the `Date` of the responses is wrong.
 */
const CLOCK_TOLERANCE_MS = 7 * 60_000;

/** How long a sweep waits for the end of a window, at most: if a `Date` is wrong, the end may seem far away. */
const MAX_PAUSE_MS = 5 * 60_000;

/** How many jobs a sweep processes at the same time: a read that hangs must not hold up the others. */
const WORKERS = 8;

/** The maximum number of remaining jobs that are counted. */
const MAX_COUNTED = 1000;

/** The result of a sweep. */
export interface PrintJobSweep {
  /** The jobs that have a new state, or a newer production. */
  readonly changed: readonly PrintJob[];
  /**
   * How many of the jobs that were due when the sweep began are still due, counted up to 1000. If it is not 0, sweep again soon.
   * Jobs of a later format do not count, because only a later version of this package processes them.
   */
  readonly left: number;
}

/** What a sweep uses. */
export interface Sweeper {
  readonly changes: JobChanges;
  readonly client: PrintJobsClient;
  readonly pace: ReadPace;
}

/**
 * Processes the due jobs, each on its own: a failure of one does not affect the others.
 *
 * @throws {KioskPrintJobStoreError} if the store fails. The other due jobs are processed first.
 * @throws the reason of the signal.
 */
export async function sweepJobs(
  sweeper: Sweeper,
  limit: number,
  signal: AbortSignal | undefined,
): Promise<PrintJobSweep> {
  const { changes } = sweeper;
  throwIfAborted(signal);
  const before = toTimestamp(Date.now());
  // Instances that sweep at the same time begin with different jobs.
  const due = shuffle(await changes.listDueJobs(before, limit));
  const changed: PrintJob[] = [];
  const failures: unknown[] = [];
  const work = async () => {
    for (let job = due.pop(); job !== undefined; job = due.pop()) {
      throwIfAborted(signal);
      try {
        const next = await sweepJob(sweeper, job, signal);
        if (next !== undefined) changed.push(next);
      } catch (error) {
        throwIfAborted(signal);
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: WORKERS }, work));
  if (failures.length > 0) throw failures[0];
  const left = await changes.listDueJobs(before, MAX_COUNTED);
  return { changed, left: left.length };
}

/** Processes one job. Returns it if it has a new state or a newer production. */
async function sweepJob(
  sweeper: Sweeper,
  job: PrintJob,
  signal: AbortSignal | undefined,
): Promise<PrintJob | undefined> {
  const { changes, pace } = sweeper;
  if (job.state === "requested" && job.intent === null) {
    const lapsed = await changes.change(job, { kind: "lapse" });
    return lapsed.isMoved ? lapsed.job : undefined;
  }
  const claimed = await changes.changeOnce(job, { kind: "claim" });
  if (claimed === undefined) return undefined;
  await pace.next(signal);
  const outcome = await readOutcome(sweeper, claimed, signal);
  if (outcome.kind === "claim") {
    await changes.changeOnce(claimed, outcome);
    return undefined;
  }
  const { isMoved, job: next } = await changes.change(claimed, outcome);
  return isMoved ? next : undefined;
}

/**
 * Reads the card of a job, once, or again if a read fails. A request that the kiosk accepted needs no reconciliation. While the
 * window of a request is open, the sweep does not wait for its end: a later one reads then.
 */
async function readOutcome(
  { client, pace }: Sweeper,
  job: PrintJob,
  signal: AbortSignal | undefined,
): Promise<PrintJobInput> {
  const { profileId, cardToken, intent } = job;
  let openForMs: number | undefined;
  const beforeNextRead: BeforeNextRead = async (leftMs) => {
    openForMs = leftMs;
    if (leftMs === undefined) await pace.next(signal);
    return leftMs !== undefined;
  };
  const options = { signal, [BEFORE_NEXT_READ]: beforeNextRead };
  try {
    if (intent === null || job.state === "accepted") {
      return { kind: "read", production: await client.getProductionStatus({ profileId, cardToken }, options) };
    }
    // Reads must not trust a shorter window than that of the job's request.
    const clientWindowMs = client.reconcileWindowMs ?? DEFAULT_RECONCILE_WINDOW_MS;
    const windowMs = Math.max(job.reconcileWindowMs ?? 0, clientWindowMs);
    const reconcileWindowMs = windowMs > clientWindowMs ? windowMs : undefined;
    const reconciled = await client.reconcileProduction(intent, { ...options, reconcileWindowMs });
    const isLate = Date.now() - Date.parse(intent.expiresAt) >= windowMs + CLOCK_TOLERANCE_MS;
    // A `Date` has whole seconds, so it may show the end of the window a second late.
    if (openForMs !== undefined && !isLate) return { kind: "claim", forMs: Math.min(openForMs + 1000, MAX_PAUSE_MS) };
    return { ...reconciled, kind: "reconciled", intent };
  } catch (error) {
    throwIfAborted(signal);
    return { kind: "failed-read", intent, error: toPrintJobError(error) };
  }
}

function shuffle<T>(items: readonly T[]): T[] {
  const shuffled = [...items];
  for (let last = shuffled.length - 1; last > 0; last -= 1) {
    const other = Math.floor(Math.random() * (last + 1));
    [shuffled[last], shuffled[other]] = [shuffled[other] as T, shuffled[last] as T];
  }
  return shuffled;
}
