import type { ProductionIntent } from "../calls/production-intent.js";
import type { CallOptions } from "../client/client-options.js";
import { isKioskError } from "../errors/any-kiosk-error.js";
import { KioskTimeoutError } from "../errors/connection-error.js";
import type { Production } from "../production/production.js";
import { toTimestamp } from "../production/timestamp.js";
import { abortReason, throwIfAborted } from "../time/abort-reason.js";
import type { Deadline } from "../time/deadline.js";
import { pause } from "../time/wait.js";
import type { JobChanges } from "./job-changes.js";
import { toPrintJobError } from "./job-error.js";
import type { PrintJobsClient } from "./print-jobs-options.js";
import type { PrintJob } from "./record/print-job.js";
import { mayStandForPrint } from "./rules/after-call.js";
import { findEvidenceBefore } from "./rules/before-request.js";
import { isWithoutPrint } from "./rules/correction.js";
import type { PrintJobInput } from "./rules/print-job-input.js";

/** The pauses before the outcome of a request is stored again if the store fails, in milliseconds. */
const STORE_AGAIN_AFTER_MS = [1000, 2000, 4000];

/** The options and the deadline of one `print`. */
export interface PrintCall {
  /** The options for the client, apart from `deadlineMs`. */
  readonly options: CallOptions;
  /** The deadline of the whole print. */
  readonly deadline: Deadline | undefined;
}

/** Prevents a request, because the job is no longer `requested`. */
class NotRequestedError extends Error {
  override readonly name = "NotRequestedError";
}

/** Prints the card of a job that was just inserted. No other code sends a request for a job. */
export class CardPrint {
  readonly #changes: JobChanges;
  readonly #client: PrintJobsClient;
  readonly #call: PrintCall;
  /** The job as it was last known. */
  #job: PrintJob;
  /** Whether a request may have left. */
  #mayHaveSent = false;
  /** What prevented a request: the store failed, or the job is no longer `requested`. */
  #obstacle: unknown;

  constructor(changes: JobChanges, client: PrintJobsClient, call: PrintCall, job: PrintJob) {
    this.#changes = changes;
    this.#client = client;
    this.#call = call;
    this.#job = job;
  }

  /**
   * Prints the card. Resolves with the job, whatever its outcome.
   *
   * @throws {KioskPrintJobStoreError} if the store fails.
   * @throws the reason of the caller's signal.
   */
  async run(): Promise<PrintJob> {
    const jobs = await this.#changes.listCardJobs(this.#job, this.#job);
    const earlier = jobs.filter(({ id }) => id !== this.#job.id);
    await this.#apply({ kind: "earlier-jobs", jobs: earlier });
    if (this.#job.state !== "requested") return this.#job;
    const { profileId, cardToken } = this.#job;
    const read = await this.#attempt((options) => this.#client.getProductionStatus({ profileId, cardToken }, options));
    if (read === undefined) return this.#job;
    await this.#apply({ kind: "first-read", production: read });
    if (this.#job.state === "requested") await this.#send(read, earlier);
    else await this.#reportRead(read, earlier);
    return this.#job;
  }

  /**
   * Applies what was read to the job before this one: what prevents this print may be news of that job. If the store fails, that
   * job stays as it was, and events and reads bring the news again.
   */
  async #reportRead(read: Production, earlier: readonly PrintJob[]): Promise<void> {
    const last = earlier.find((job) => !isWithoutPrint(job));
    if (last !== undefined) await this.#changes.change(last, { kind: "read", production: read }).catch(() => {});
  }

  async #send(read: Production, earlier: readonly PrintJob[]): Promise<void> {
    const { profileId, cardToken, kioskId } = this.#job;
    const previous = findEvidenceBefore(this.#job, read, earlier);
    const onIntent = (intent: ProductionIntent) => this.#recordIntent(intent);
    const request = { profileId, cardToken, kioskId, previous, onIntent };
    const production = await this.#attempt((options) => this.#client.produceCard(request, options));
    if (production === undefined) return;
    await this.#applyOutcome({ kind: "response", production }, mayStandForPrint(production));
    if (this.#job.state === "requested") await this.#decideByReading();
  }

  /** Stores the intent. The request may leave only if this write succeeds, and it succeeds only if the job is still `requested`. */
  async #recordIntent(intent: ProductionIntent): Promise<void> {
    try {
      const { reconcileWindowMs = this.#client.reconcileWindowMs } = this.#call.options;
      await this.#apply({ kind: "intent", intent, reconcileWindowMs }, this.#mayHaveSent);
      if (this.#job.state !== "requested" || this.#job.intent !== intent) {
        throw new NotRequestedError("The print job is no longer `requested`.");
      }
      this.#mayHaveSent = true;
    } catch (error) {
      this.#obstacle = error;
      throw error;
    }
  }

  /** Calls the client. If it rejects, applies the rejection to the job and returns `undefined`. */
  async #attempt(work: (options: CallOptions) => Promise<Production>): Promise<Production | undefined> {
    const { signal } = this.#call.options;
    try {
      throwIfAborted(signal);
      return await work(this.#remainingOptions());
    } catch (error) {
      if (this.#obstacle instanceof NotRequestedError) return undefined;
      if (this.#obstacle !== undefined) throw this.#obstacle;
      const isOfCall = isKioskError(error) && error !== signal?.reason;
      const mayHaveTakenEffect = isOfCall ? error.mayHaveTakenEffect : this.#mayHaveSent;
      const input: PrintJobInput = { kind: "rejection", error: toPrintJobError(error), mayHaveTakenEffect };
      if (signal?.aborted === true) {
        await this.#apply(input).catch(() => {});
        throw abortReason(signal);
      }
      await this.#applyOutcome(input, mayHaveTakenEffect);
      return undefined;
    }
  }

  /**
   * Reads whether a `REQUEST_ALREADY_EXISTS` is about this very request, which a gateway may have sent twice. The request has
   * ended, so its window begins now. If the read fails, a sweep reads later.
   */
  async #decideByReading(): Promise<void> {
    // A job of a later format may lack the field.
    const { intent = null } = this.#job;
    if (intent === null) return;
    const over = { ...intent, expiresAt: toTimestamp(Math.min(Date.now(), Date.parse(intent.expiresAt))) };
    const reconciled = await this.#reconcile(over).catch(() => undefined);
    throwIfAborted(this.#call.options.signal);
    if (reconciled !== undefined) await this.#applyOutcome({ ...reconciled, kind: "reconciled", intent }, true);
  }

  async #reconcile(intent: ProductionIntent) {
    const { outcome, production } = await this.#client.reconcileProduction(intent, this.#remainingOptions());
    return { outcome, production };
  }

  /** @throws {KioskTimeoutError} if the deadline of the print has passed. */
  #remainingOptions(): CallOptions {
    const { options, deadline } = this.#call;
    const leftMs = deadline?.leftMs;
    if (leftMs === undefined || leftMs >= 1) return { ...options, deadlineMs: leftMs };
    throw new KioskTimeoutError("print: deadlineMs passed", { requestSent: this.#mayHaveSent });
  }

  /** Applies what became of a call. If the store fails, the print rejects, but what is known of a request is not lost. */
  async #applyOutcome(input: PrintJobInput, mayHaveTakenEffect: boolean): Promise<void> {
    try {
      await this.#apply(input, mayHaveTakenEffect);
    } catch (error) {
      void this.#applyLater(input);
      throw error;
    }
  }

  /** Goes on trying to apply the outcome of a request, until the signal aborts. */
  async #applyLater(input: PrintJobInput): Promise<void> {
    const { signal } = this.#call.options;
    const { id, intent } = this.#job;
    if (!intent) return;
    for (const ms of STORE_AGAIN_AFTER_MS) {
      await pause(ms, signal).catch(() => {});
      try {
        const stored = await this.#changes.find(id);
        // If the job was deleted, another one may have its id.
        if (stored?.intent?.correlationId === intent.correlationId) await this.#changes.change(stored, input);
        return;
      } catch {
        if (signal?.aborted) return;
      }
    }
  }

  /** Applies an input to the job, and keeps the result. */
  async #apply(input: PrintJobInput, mayHaveTakenEffect = false): Promise<void> {
    const { job } = await this.#changes.change(this.#job, input, mayHaveTakenEffect);
    this.#job = job;
  }
}
