import { KioskPrintJobStoreError } from "../errors/print-job-errors.js";
import { onRejection } from "../transport/on-rejection.js";
import type { PrintJobCard, PrintJobInsertion, PrintJobReplacement, PrintJobStore } from "./print-job-store.js";
import type { PrintJob } from "./record/print-job.js";
import { isOfThisFormat, isOpenPrintJob } from "./record/print-job-state.js";
import { isWithoutPrint } from "./rules/correction.js";
import { isChanged, nextPrintJob } from "./rules/next-print-job.js";
import type { PrintJobInput, PrintJobTimes } from "./rules/print-job-input.js";

/** How many jobs of a card are looked at: a card has few, and each new one takes over what the others knew. */
const JOBS_OF_CARD = 100;

/** Others may write in between, but not forever. */
const MOST_TRIES = 100;

/** Calls a listener of the user after each change. What it throws is ignored. */
export type OnPrintJobChange = (job: PrintJob) => unknown;

/** A job after something happened to it. */
export interface JobChange {
  readonly job: PrintJob;
  /** Whether its state or what that rests on is another one now. */
  readonly isMoved: boolean;
}

/** Loads jobs, lets the rules decide, and stores what they return. */
export class JobChanges {
  readonly #store: PrintJobStore;
  readonly #onChange: OnPrintJobChange | undefined;
  readonly #times: PrintJobTimes;

  constructor(store: PrintJobStore, onChange: OnPrintJobChange | undefined, times: PrintJobTimes) {
    this.#store = store;
    this.#onChange = onChange;
    this.#times = times;
  }

  /** Does the same in another store, as one that belongs to a transaction. */
  in(store: PrintJobStore): JobChanges {
    return new JobChanges(store, this.#onChange, this.#times);
  }

  /** Calls the store, whose errors become one of this package. */
  async call<T>(run: (store: PrintJobStore) => Promise<T>, job?: PrintJob, mayHaveTakenEffect = false): Promise<T> {
    try {
      return await run(this.#store);
    } catch (cause) {
      throw new KioskPrintJobStoreError("The store of print jobs failed; its error is the cause.", {
        job,
        cause,
        mayHaveTakenEffect,
      });
    }
  }

  async insert(job: PrintJob): Promise<PrintJobInsertion> {
    const insertion = await this.call((store) => store.insert(job), job);
    if (insertion.inserted) this.#notify(job);
    return insertion;
  }

  async find(id: string): Promise<PrintJob | undefined> {
    return (await this.call((store) => store.get(id))) ?? undefined;
  }

  /** The jobs of a card, the newest first. `job` is the one on whose behalf they are loaded, for the error. */
  async ofCard({ profileId, cardToken }: PrintJobCard, job?: PrintJob): Promise<readonly PrintJob[]> {
    return this.call((store) => store.jobsOf({ profileId, cardToken }, JOBS_OF_CARD), job);
  }

  /** The jobs that are due and that this version may change. Those of a later version must not hide them. */
  async due(before: string, limit: number): Promise<readonly PrintJob[]> {
    for (let asked = limit; ; ) {
      const found = await this.call((store) => store.due({ before, limit: asked }));
      const own = found.filter(isOfThisFormat);
      if (own.length >= limit || found.length < asked) return own.slice(0, limit);
      asked = limit + found.length - own.length;
    }
  }

  /** What the input would make of a job, if no one else has changed it. */
  next(job: PrintJob, input: PrintJobInput): PrintJob {
    return nextPrintJob(job, { ...this.#times, ...input }, new Date());
  }

  /**
   * Decides and stores, and begins again with the stored job if somebody else has written since.
   *
   * @param mayHaveTakenEffect what the error says if the store fails.
   */
  async change(job: PrintJob, input: PrintJobInput, mayHaveTakenEffect = false): Promise<JobChange> {
    let current = job;
    let happened = input;
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const next = this.next(current, happened);
      if (next === current) return { job: current, isMoved: false };
      const standing = isCorrection(current, next, happened) ? await this.#standing(current) : "newest";
      if (standing === "superseded") return { job: current, isMoved: false };
      const result = standing === "blocked" ? standing : await this.#replace(current, next, mayHaveTakenEffect);
      if (result === "replaced") return { job: next, isMoved: isMoved(current, next) };
      if (result === "blocked" && "production" in happened) {
        happened = { kind: "blocked-news", production: happened.production };
        continue;
      }
      const stored = await this.call((store) => store.get(current.id), next, mayHaveTakenEffect);
      // A closed job may have been purged.
      if (stored === undefined || stored === null) return { job: current, isMoved: false };
      current = stored;
    }
    const cause = new Error(`${MOST_TRIES} writes in a row found another version`);
    throw new KioskPrintJobStoreError("The print job could not be stored: it kept changing.", {
      job: this.next(current, happened),
      cause,
      mayHaveTakenEffect,
    });
  }

  /** As {@link JobChanges.change}, but gives up if somebody else has written since. */
  async tryOnce(job: PrintJob, input: PrintJobInput): Promise<PrintJob | undefined> {
    const next = this.next(job, input);
    if (next === job) return undefined;
    return (await this.#replace(job, next, false)) === "replaced" ? next : undefined;
  }

  async #replace(current: PrintJob, next: PrintJob, mayHaveTakenEffect: boolean): Promise<PrintJobReplacement> {
    const result = await this.call((store) => store.replace(next, current.version), next, mayHaveTakenEffect);
    if (result === "replaced" && isChanged(current, next)) this.#notify(next);
    return result;
  }

  /** Whether news may correct a closed job: a later job of the card may be what they are about. */
  async #standing(job: PrintJob): Promise<"newest" | "superseded" | "blocked"> {
    const jobs = await this.ofCard(job, job);
    const place = jobs.findIndex(({ id }) => id === job.id);
    const later = place < 0 ? jobs : jobs.slice(0, place);
    if (later.some(isOpenPrintJob)) return "blocked";
    return later.every(isWithoutPrint) ? "newest" : "superseded";
  }

  #notify(job: PrintJob): void {
    onRejection(
      () => this.#onChange?.(job),
      () => {},
    );
  }
}

/** The response to a job's own request needs no attribution; all other news do. */
function isCorrection(job: PrintJob, next: PrintJob, { kind }: PrintJobInput): boolean {
  return job.state === "not-sent" && next.state !== job.state && kind !== "response";
}

function isMoved(job: PrintJob, next: PrintJob): boolean {
  return job.state !== next.state || job.production !== next.production;
}
