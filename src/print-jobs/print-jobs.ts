import { quoteValue } from "../arguments/found-value.js";
import { type CardReference, parseCardToken, parseProfileId } from "../client/card-arguments.js";
import type { CallOptions } from "../client/client-options.js";
import { parseCallOptions } from "../client/parse-call-options.js";
import { KioskArgumentError } from "../errors/argument-error.js";
import { KioskPrintJobConflictError } from "../errors/print-job-errors.js";
import { parseObject } from "../options/option-values.js";
import { isSameKiosk } from "../production/same-kiosk.js";
import { throwIfAborted } from "../time/abort-reason.js";
import { Clock } from "../time/clock.js";
import { Deadline } from "../time/deadline.js";
import type { KioskProductionEvent } from "../webhooks/event/webhook-event.js";
import { type AppliedPrintJobEvent, applyEvent } from "./apply-event.js";
import { JobChanges } from "./job-changes.js";
import { CardPrint } from "./print-card.js";
import {
  type ApplyPrintJobEventOptions,
  type ListPrintJobsOptions,
  type PurgePrintJobsOptions,
  parseApplyOptions,
  parseListOptions,
  parsePurgeOptions,
  parseResolution,
  parseSweepOptions,
  type ResolvePrintJobRequest,
  type SweepPrintJobsOptions,
} from "./print-jobs-arguments.js";
import { type PrintJobsClient, type PrintJobsOptions, parsePrintJobsOptions } from "./print-jobs-options.js";
import { createPrintJob, type PrintRequest, parseName } from "./print-request.js";
import { ReadPace } from "./read-pace.js";
import type { PrintJob, PrintJobState } from "./record/print-job.js";
import { isOfThisFormat, isOpenPrintJob } from "./record/print-job-state.js";
import { settleOnAbort } from "./settle-on-abort.js";
import { type PrintJobSweep, sweepJobs } from "./sweep-jobs.js";

/** What a person can do about an open job besides waiting. */
const ADVICE_TO_RESOLVE: ReadonlyMap<string, string> = new Map<PrintJobState, string>([
  ["accepted", ", or look into its kiosk and call `resolve` once it is overdue"],
  ["unresolved", ", or look into its kiosk and call `resolve`"],
]);

/**
 * Prints cards as jobs in your database. A job is stored before its request leaves, so a print survives a crash, a deploy, and two
 * clerks who press “print” at the same time. At most one job of a card is open.
 *
 * Call `apply` for every webhook event, and `sweep` when a process starts and every minute, on every instance. Then every job
 * reaches a closed state, or is `unresolved` and waits for a person.
 *
 * @example
 * ```ts
 * import { PrintJobs, postgresPrintJobStore } from "wise-card-kiosk/print-jobs";
 *
 * const jobs = new PrintJobs({ client: kiosk, store: postgresPrintJobStore(pool) });
 * const job = await jobs.print({ id: "request-1", ...card, kioskId: "WIS00001", requestedBy: "clerk-17" });
 * console.log(job.state);
 * // → accepted
 * ```
 */
export class PrintJobs {
  readonly #client: PrintJobsClient;
  readonly #changes: JobChanges;
  readonly #pace: ReadPace;

  /**
   * Creates the object. It calls the store only when a method is called.
   *
   * @throws {KioskArgumentError} for the first option that is unknown or invalid.
   */
  constructor(options: PrintJobsOptions) {
    const { client, store, onChange, times, maxReadsPerSecond } = parsePrintJobsOptions(options);
    this.#client = client;
    this.#changes = new JobChanges(store, onChange, times);
    this.#pace = new ReadPace(maxReadsPerSecond);
  }

  /**
   * Prints a card. Resolves with the job whatever its outcome, even if Wise refused the request or the outcome is unknown.
   *
   * The job is stored first, and the card is read. The request leaves only if the card can be printed and the intent is stored
   * too. A sweep decides a job that stays `requested`.
   *
   * By default, nothing is sent again once a request is in doubt (`resend: false`).
   *
   * @param options as for `produceCard`; `deadlineMs` and `signal` apply to all requests of the print. If one of them ends the
   * print before a request was sent, the job is `not-sent`. `signal` does not wait for the store either; `deadlineMs` does not
   * limit the store, so set a limit in its driver.
   * @throws {KioskArgumentError} if an argument or option is invalid, or a job of another card or kiosk has the `id`.
   * @throws {KioskPrintJobConflictError} if another job of the card is open; `error.job` is that job.
   * @throws {KioskPrintJobStoreError} if the store fails. `mayHaveTakenEffect` is `true` if a request of this call may have taken
   * effect.
   * @throws the reason of the `signal`.
   */
  async print(request: PrintRequest, options: CallOptions = {}): Promise<PrintJob> {
    const { deadlineMs, ...settings } = parseCallOptions(options);
    const created = createPrintJob(request, new Date());
    const { signal } = settings;
    throwIfAborted(signal);
    const deadline = deadlineMs === undefined ? undefined : new Deadline(new Clock(), deadlineMs);
    const call = { options: { ...settings, resend: settings.resend ?? false }, deadline };
    const work = this.#insert(created).then(
      (found) => found ?? new CardPrint(this.#changes, this.#client, call, created).run(),
    );
    try {
      return await settleOnAbort(work, signal);
    } finally {
      deadline?.end();
    }
  }

  /**
   * Applies a webhook event. Call it in the `onProduction` callback of the handler, and let errors reach the handler, so that Wise
   * delivers the event again. The order and the number of deliveries do not matter. Test notifications change nothing.
   *
   * If the time of an event cannot be ordered, the next sweep reads the card of an `accepted` or `unresolved` job.
   *
   * @throws {KioskArgumentError} if `event` is not a production event.
   * @throws {KioskPrintJobStoreError} if the store fails.
   */
  async apply(event: KioskProductionEvent, options: ApplyPrintJobEventOptions = {}): Promise<AppliedPrintJobEvent> {
    const store = parseApplyOptions(options);
    return applyEvent(store === undefined ? this.#changes : this.#changes.withStore(store), event);
  }

  /**
   * Reads the cards of due jobs and decides these jobs. It never sends a production request. Any number of instances can sweep at
   * the same time.
   *
   * If a token or a read fails, only its own job is affected.
   *
   * @throws {KioskArgumentError} if an option is unknown or invalid.
   * @throws {KioskPrintJobStoreError} if the store fails. The other due jobs are processed first.
   * @throws the reason of the `signal`.
   */
  async sweep(options: SweepPrintJobsOptions = {}): Promise<PrintJobSweep> {
    const { limit, signal } = parseSweepOptions(options);
    const sweeper = { changes: this.#changes, client: this.#client, pace: this.#pace };
    return settleOnAbort(sweepJobs(sweeper, limit, signal), signal);
  }

  /**
   * Records what a person found out about a job that is `unresolved`, that is `accepted` and without news for `overdueMs`, or that
   * is `requested` because its process died after it may have sent a request. Returns the job. A closed job stays unchanged.
   *
   * @throws {KioskArgumentError} if an argument is invalid, or there is no such job.
   * @throws {KioskPrintJobConflictError} if the job may still be decided without a person, has just changed, or is of a later
   * format.
   * @throws {KioskPrintJobStoreError} if the store fails.
   */
  async resolve(id: string, resolution: ResolvePrintJobRequest): Promise<PrintJob> {
    const input = { ...parseResolution(resolution), reconcileWindowMs: this.#client.reconcileWindowMs };
    const job = await this.get(id);
    if (job === undefined) {
      throw new KioskArgumentError("id", `must be the id of a print job; no job has the id ${quoteValue(id)}`);
    }
    const { job: resolved, isMoved } = await this.#changes.change(job, input);
    if (isMoved || !isOpenPrintJob(resolved)) return resolved;
    const reason = !isOfThisFormat(resolved)
      ? "was written by a later version of this package. Resolve it with that version."
      : resolved === job
        ? `is ${job.state} and may still be decided without a person. Wait for the next sweep, or until the job is overdue.`
        : `has changed meanwhile and is ${resolved.state}. Look at it again before you resolve it.`;
    throw new KioskPrintJobConflictError(`The print job ${quoteValue(id)} ${reason}`, resolved);
  }

  /**
   * Returns the job with an id, or `undefined` if there is none.
   *
   * @throws {KioskArgumentError} if the id is not a non-blank string.
   * @throws {KioskPrintJobStoreError} if the store fails.
   */
  async get(id: string): Promise<PrintJob | undefined> {
    return this.#changes.find(parseName("id", id));
  }

  /**
   * Returns the jobs of a card, newest first, at most 1000.
   *
   * @throws {KioskArgumentError} if the card is invalid.
   * @throws {KioskPrintJobStoreError} if the store fails.
   */
  async jobsOf(card: CardReference): Promise<readonly PrintJob[]> {
    const { profileId, cardToken } = parseObject("card", card);
    return this.#changes.listCardJobs({ profileId: parseProfileId(profileId), cardToken: parseCardToken(cardToken) });
  }

  /**
   * Returns a page of jobs, newest first.
   *
   * @throws {KioskArgumentError} if an option is unknown or invalid.
   * @throws {KioskPrintJobStoreError} if the store fails.
   */
  async list(options: ListPrintJobsOptions = {}): Promise<readonly PrintJob[]> {
    const query = parseListOptions(options);
    return this.#changes.call((store) => store.list(query));
  }

  /**
   * Deletes closed jobs that last changed before a time, and returns how many. Keep jobs for at least a day: a new job of a card
   * takes over what the earlier ones know, and late news may correct them. Jobs of a later format are deleted too.
   *
   * @throws {KioskArgumentError} if an option is unknown or invalid.
   * @throws {KioskPrintJobStoreError} if the store fails.
   */
  async purge(options: PurgePrintJobsOptions): Promise<number> {
    const query = parsePurgeOptions(options);
    return this.#changes.call((store) => store.purge(query));
  }

  /** Stores a new job. Returns the existing job if one with the same id, card and kiosk is already stored. */
  async #insert(created: PrintJob): Promise<PrintJob | undefined> {
    const insertion = await this.#changes.insert(created);
    if (insertion.inserted) return undefined;
    const { job } = insertion;
    const { id, profileId, cardToken, kioskId } = created;
    if (job.id !== id) {
      const { state = "open" }: { state?: string } = job;
      const advice = `Wait until it is closed${ADVICE_TO_RESOLVE.get(state) ?? ""}.`;
      const message = `The card has an open print job: ${quoteValue(job.id)} is ${state}. ${advice}`;
      throw new KioskPrintJobConflictError(message, job);
    }
    // A job of a later format may lack the field.
    const isElsewhere = typeof job.kioskId === "string" && !isSameKiosk(job.kioskId, kioskId);
    if (job.profileId === profileId && job.cardToken === cardToken && !isElsewhere) return job;
    throw new KioskArgumentError("id", "is already used by a print job of another card or kiosk");
  }
}
