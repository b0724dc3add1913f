import { quoteValue } from "../arguments/found-value.js";
import { parseCallOptions } from "../client/call-settings.js";
import { type CardReference, parseCardToken, parseProfileId } from "../client/card-arguments.js";
import type { CallOptions } from "../client/client-options.js";
import { KioskArgumentError } from "../errors/argument-error.js";
import { KioskPrintJobConflictError } from "../errors/print-job-errors.js";
import { parseObject } from "../options/option-values.js";
import { isSameKiosk } from "../production/same-kiosk.js";
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
import type { PrintJob } from "./record/print-job.js";
import { isOpenPrintJob } from "./record/print-job-state.js";
import { settleOnAbort } from "./settle-on-abort.js";
import { type PrintJobSweep, sweepJobs } from "./sweep-jobs.js";

/**
 * Prints cards in a way that survives the death of a process, a deploy, and two clerks who press at once: each print is a job in
 * your database, written before its request leaves. At most one job of a card is open.
 *
 * Call `apply` for every event of the webhook, and `sweep` at the start of each process and every minute, on every instance: then
 * every job ends, or is `unresolved` and waits for a person.
 */
export class PrintJobs {
  readonly #client: PrintJobsClient;
  readonly #changes: JobChanges;
  readonly #pace: ReadPace;

  /** @throws {KioskArgumentError} for the first option that is unknown or invalid. */
  constructor(options: PrintJobsOptions) {
    const { client, store, onChange, times, maxReadsPerSecond } = parsePrintJobsOptions(options);
    this.#client = client;
    this.#changes = new JobChanges(store, onChange, times);
    this.#pace = new ReadPace(maxReadsPerSecond);
  }

  /**
   * Prints a card, and resolves with the job whatever became of it: also if Wise refused the request, or its outcome is unknown.
   *
   * The job is stored, the state of the card is read, and the request leaves only if the card can be printed and the intent is
   * stored too. A job that stays `requested` is decided by a sweep.
   *
   * By default the call sends nothing again once a request is in doubt (`resend: false`).
   *
   * @param options as for `produceCard`; `deadlineMs` and `signal` are for the whole print. If nothing was sent yet when one of
   * them ends it, the job is `not-sent`.
   * @throws {KioskArgumentError} if an argument or option is invalid, or the `id` belongs to a job of another card or kiosk.
   * @throws {KioskPrintJobConflictError} if another job of the card is open: `error.job`.
   * @throws {KioskPrintJobStoreError} if the store fails. `mayHaveTakenEffect` says whether a request may have left.
   * @throws the reason of the `signal`.
   */
  async print(request: PrintRequest, options: CallOptions = {}): Promise<PrintJob> {
    const { deadlineMs, ...settings } = parseCallOptions(options);
    const created = createPrintJob(request, new Date());
    const { signal } = settings;
    signal?.throwIfAborted();
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
   * Takes in an event of the webhook: call it in the callback of the handler, and let errors reach the handler, so that Wise
   * delivers again. The order and the number of deliveries do not matter. Test notifications change nothing.
   *
   * An event whose time cannot be ordered makes the next sweep read the card of an `accepted` or `unresolved` job.
   *
   * @throws {KioskArgumentError} if `event` is not a production event.
   * @throws {KioskPrintJobStoreError} if the store fails.
   */
  async apply(event: KioskProductionEvent, options: ApplyPrintJobEventOptions = {}): Promise<AppliedPrintJobEvent> {
    const store = parseApplyOptions(options);
    return applyEvent(store === undefined ? this.#changes : this.#changes.in(store), event);
  }

  /**
   * Reads the cards of jobs that are due, and decides these jobs. It never sends a production request. Safe at the same time on
   * any number of instances.
   *
   * A token or read that fails is a matter of its own job: the others are looked at all the same.
   *
   * @throws {KioskArgumentError} if an option is unknown or invalid.
   * @throws {KioskPrintJobStoreError} if the store failed, after all jobs were looked at.
   * @throws the reason of the `signal`.
   */
  async sweep(options: SweepPrintJobsOptions = {}): Promise<PrintJobSweep> {
    const { limit, signal } = parseSweepOptions(options);
    return sweepJobs({ changes: this.#changes, client: this.#client, pace: this.#pace }, limit, signal);
  }

  /**
   * Records a person's word on a job that is `unresolved`, or `accepted` and without news for `overdueMs`, or whose process died
   * after it may have sent a request. Returns the job; a closed one as it stands.
   *
   * @throws {KioskArgumentError} if an argument is invalid, or there is no such job.
   * @throws {KioskPrintJobConflictError} if the job is still being decided without a person.
   * @throws {KioskPrintJobStoreError} if the store fails.
   */
  async resolve(id: string, resolution: ResolvePrintJobRequest): Promise<PrintJob> {
    const input = parseResolution(resolution);
    const job = await this.get(id);
    if (job === undefined) {
      throw new KioskArgumentError("id", `must be the id of a print job, and ${quoteValue(id)} is of none`);
    }
    const { job: resolved, isMoved } = await this.#changes.change(job, input);
    if (isMoved || !isOpenPrintJob(resolved)) return resolved;
    const advice = "it is still being decided. Wait for the next sweep, or until it is overdue";
    throw new KioskPrintJobConflictError(`The print job ${quoteValue(id)} is ${resolved.state}: ${advice}.`, resolved);
  }

  /**
   * Returns a job, or `undefined` if there is none with this id.
   *
   * @throws {KioskArgumentError} if the id is not a non-blank string.
   * @throws {KioskPrintJobStoreError} if the store fails.
   */
  async get(id: string): Promise<PrintJob | undefined> {
    return this.#changes.find(parseName("id", id));
  }

  /**
   * Returns the jobs of a card, the newest first: at most 100.
   *
   * @throws {KioskArgumentError} if the card is invalid.
   * @throws {KioskPrintJobStoreError} if the store fails.
   */
  async jobsOf(card: CardReference): Promise<readonly PrintJob[]> {
    const { profileId, cardToken } = parseObject("card", card);
    return this.#changes.ofCard({ profileId: parseProfileId(profileId), cardToken: parseCardToken(cardToken) });
  }

  /**
   * Returns a page of jobs, the newest first, for a screen.
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
   * takes over what the earlier ones knew, and late news correct them.
   *
   * @throws {KioskArgumentError} if an option is unknown or invalid.
   * @throws {KioskPrintJobStoreError} if the store fails.
   */
  async purge(options: PurgePrintJobsOptions): Promise<number> {
    const query = parsePurgeOptions(options);
    return this.#changes.call((store) => store.purge(query));
  }

  /** Stores a new job. Returns the job that was stored under the same id before, if there is one. */
  async #insert(created: PrintJob): Promise<PrintJob | undefined> {
    const insertion = await this.#changes.insert(created);
    if (insertion.inserted) return undefined;
    const { job } = insertion;
    const { id, profileId, cardToken, kioskId } = created;
    if (job.id !== id) {
      const message = `The card has an open print job: ${quoteValue(job.id)} is ${job.state}.`;
      throw new KioskPrintJobConflictError(message, job);
    }
    if (job.profileId === profileId && job.cardToken === cardToken && isSameKiosk(job.kioskId, kioskId)) return job;
    throw new KioskArgumentError("id", "must be another one: a print job of another card or kiosk has it");
  }
}
