import { KioskPrintJobStoreError } from "../errors/print-job-errors.js";
import type { Production } from "../production/production.js";
import { onRejection } from "../transport/on-rejection.js";
import { checkedStore } from "./checked-store.js";
import type { PrintJobCard, PrintJobInsertion, PrintJobReplacement, PrintJobStore } from "./print-job-store.js";
import type { PrintJob } from "./record/print-job.js";
import { copyPrintJob, isOfThisFormat, isOpenPrintJob } from "./record/print-job-state.js";
import { isOfPrint, isWithoutPrint } from "./rules/correction.js";
import { isChanged, nextPrintJob } from "./rules/next-print-job.js";
import type { PrintJobInput, PrintJobTimes } from "./rules/print-job-input.js";

/** The maximum number of jobs of a card that are read: a card has few, and each new job takes over what the others know. */
const MAX_JOBS_OF_CARD = 1000;

/** The maximum number of attempts to write a job. Other writers may be faster, but not every time. */
const MAX_WRITES = 100;

/** Called with a job after each stored change of it. Its return value and its errors are ignored. */
export type OnPrintJobChange = (job: PrintJob) => unknown;

/** A job after an input. */
export interface JobChange {
  /** The job as it is stored now. */
  readonly job: PrintJob;
  /** Whether its state, or the production that it rests on, is new. */
  readonly isMoved: boolean;
}

/** Applies the rules to stored jobs: reads a job, computes the next version of it, and stores that. */
export class JobChanges {
  readonly #store: PrintJobStore;
  readonly #onChange: OnPrintJobChange | undefined;
  readonly #times: PrintJobTimes;

  constructor(store: PrintJobStore, onChange: OnPrintJobChange | undefined, times: PrintJobTimes) {
    this.#store = checkedStore(store);
    this.#onChange = onChange;
    this.#times = times;
  }

  /** Returns the same over another store, such as one that belongs to a transaction. */
  withStore(store: PrintJobStore): JobChanges {
    return new JobChanges(store, this.#onChange, this.#times);
  }

  /**
   * Calls the store.
   *
   * @throws {KioskPrintJobStoreError} if the store fails.
   */
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

  /** Stores a new job, unless a job is in its way. */
  async insert(job: PrintJob): Promise<PrintJobInsertion> {
    const insertion = await this.call((store) => store.insert(job), job);
    if (insertion.inserted) this.#notify(job);
    return insertion;
  }

  /** Returns the job with an id, or `undefined` if there is none. */
  async find(id: string): Promise<PrintJob | undefined> {
    return this.call((store) => store.get(id));
  }

  /** Returns the jobs of a card, newest first. `job` is the job that needs them; the error of the store carries it. */
  async listCardJobs({ profileId, cardToken }: PrintJobCard, job?: PrintJob): Promise<readonly PrintJob[]> {
    return this.call((store) => store.jobsOf({ profileId, cardToken }, MAX_JOBS_OF_CARD), job);
  }

  /** Returns the due jobs that this version may change. Jobs of a later format must not crowd them out. */
  async listDueJobs(before: string, limit: number): Promise<readonly PrintJob[]> {
    for (let asked = limit, least = 0; ; ) {
      const found = await this.call((store) => store.due({ before, limit: asked }));
      const own = found.filter(isOfThisFormat);
      if (own.length >= limit || found.length < asked) return own.slice(0, limit);
      asked = Math.max(limit + found.length - own.length, least);
      // Each query finds the jobs of the one before again.
      least = 2 * asked;
    }
  }

  /** Returns what an input makes of a job, if no one else has changed it. */
  next(job: PrintJob, input: PrintJobInput): PrintJob {
    return nextPrintJob(job, { ...this.#times, ...input }, new Date());
  }

  /**
   * Computes the next version of a job and stores it. If someone else has written since, it starts again from the stored job, but
   * does not apply what a person says to a state other than that of `job`.
   *
   * @param mayHaveTakenEffect whether a request may have taken effect: the error says so if the store fails.
   */
  async change(job: PrintJob, input: PrintJobInput, mayHaveTakenEffect = false): Promise<JobChange> {
    let current = job;
    let happened = input;
    for (let tries = 0; tries < MAX_WRITES; tries += 1) {
      const next = this.next(current, happened);
      if (next === current) return { job: current, isMoved: false };
      const position = isCorrection(current, next) ? await this.#findPosition(current, next.production) : "newest";
      if (position === "superseded") return { job: current, isMoved: false };
      const result = position === "blocked" ? position : await this.#replace(current, next, mayHaveTakenEffect);
      if (result === "replaced") return { job: next, isMoved: isMoved(current, next) };
      if (result === "blocked" && "production" in happened) {
        happened = { kind: "blocked-news", production: happened.production };
        continue;
      }
      const stored = await this.call((store) => store.get(current.id), next, mayHaveTakenEffect);
      // A closed job may have been purged.
      if (stored === undefined) return { job: current, isMoved: false };
      // A person has seen the job as it was, and knows nothing of what came first.
      if (input.kind === "person" && hasMoved(job, stored)) return { job: stored, isMoved: false };
      current = stored;
    }
    const cause = new Error(`${MAX_WRITES} writes in a row found another version`);
    throw new KioskPrintJobStoreError("The print job could not be stored: it kept changing.", {
      job: this.next(current, happened),
      cause,
      mayHaveTakenEffect,
    });
  }

  /** Stores the next version of a job. Returns `undefined` if nothing changes, or if someone else has written since. */
  async changeOnce(job: PrintJob, input: PrintJobInput): Promise<PrintJob | undefined> {
    const next = this.next(job, input);
    if (next === job) return undefined;
    return (await this.#replace(job, next, false)) === "replaced" ? next : undefined;
  }

  async #replace(current: PrintJob, next: PrintJob, mayHaveTakenEffect: boolean): Promise<PrintJobReplacement> {
    const result = await this.call((store) => store.replace(next, current.version), next, mayHaveTakenEffect);
    if (result === "replaced" && isChanged(current, next)) this.#notify(next);
    return result;
  }

  /**
   * Returns what stands between news and a closed job: nothing (`newest`), a later job that the news may be about (`superseded`),
   * or a later open job (`blocked`).
   */
  async #findPosition(job: PrintJob, news: Production | null): Promise<"newest" | "superseded" | "blocked"> {
    const jobs = await this.listCardJobs(job, job);
    const place = jobs.findIndex(({ id }) => id === job.id);
    const later = place < 0 ? jobs : jobs.slice(0, place);
    if (news !== null && later.some((one) => isOfPrint(news, one))) return "superseded";
    if (later.some(isOpenPrintJob)) return "blocked";
    return later.every(isWithoutPrint) ? "newest" : "superseded";
  }

  #notify(job: PrintJob): void {
    onRejection(
      () => this.#onChange?.(copyPrintJob(job)),
      () => {},
    );
  }
}

/**
 * Returns whether news would correct a closed job. It may be about a later job of the card, even if it is the result of the job's
 * own call: after a request in doubt, that is what a read shows.
 */
function isCorrection(job: PrintJob, next: PrintJob): boolean {
  return job.state === "not-sent" && next.state !== job.state;
}

/** Returns whether the state of a stored job, or the production that it rests on, differs from that of the job before. */
function hasMoved(before: PrintJob, stored: PrintJob): boolean {
  return JSON.stringify([stored.state, stored.production]) !== JSON.stringify([before.state, before.production]);
}

/** Returns the same for what the rules return: they keep the object of a production that they do not replace. */
function isMoved(job: PrintJob, next: PrintJob): boolean {
  return job.state !== next.state || job.production !== next.production;
}
