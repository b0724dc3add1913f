import type { ProductionIntent } from "../calls/production-intent.js";
import type { CallOptions } from "../client/client-options.js";
import { isKioskError } from "../errors/any-kiosk-error.js";
import { KioskTimeoutError } from "../errors/connection-error.js";
import type { Production } from "../production/production.js";
import type { Deadline } from "../time/deadline.js";
import type { JobChanges } from "./job-changes.js";
import { toPrintJobError } from "./job-error.js";
import type { PrintJobsClient } from "./print-jobs-options.js";
import type { PrintJob } from "./record/print-job.js";
import { mayStandForPrint } from "./rules/after-call.js";
import { stateBefore } from "./rules/before-request.js";
import { isWithoutPrint } from "./rules/correction.js";
import { toIso } from "./rules/due-times.js";
import type { PrintJobInput } from "./rules/print-job-input.js";

/** What bounds and accompanies one `print`. */
export interface PrintCall {
  /** The options for the client, apart from `deadlineMs`. */
  readonly options: CallOptions;
  /** For the whole print. */
  readonly deadline: Deadline | undefined;
}

/** Keeps a request from leaving, because the job is not `requested` any more. */
class NotRequestedError extends Error {
  override readonly name = "NotRequestedError";
}

/** Prints one card for a job that was just inserted. Nothing else ever sends anything for the job. */
export class CardPrint {
  readonly #changes: JobChanges;
  readonly #client: PrintJobsClient;
  readonly #call: PrintCall;
  /** The job as it was last known. */
  #job: PrintJob;
  /** Whether a request may have left. */
  #mayHaveSent = false;
  /** What kept a request from leaving: the store failed, or the job is not `requested` any more. */
  #obstacle: unknown;

  constructor(changes: JobChanges, client: PrintJobsClient, call: PrintCall, job: PrintJob) {
    this.#changes = changes;
    this.#client = client;
    this.#call = call;
    this.#job = job;
  }

  /**
   * Resolves with the job, whatever became of it.
   *
   * @throws {KioskPrintJobStoreError} if the store fails.
   * @throws the reason of the caller's signal.
   */
  async run(): Promise<PrintJob> {
    const jobs = await this.#changes.ofCard(this.#job, this.#job);
    const earlier = jobs.filter(({ id }) => id !== this.#job.id);
    await this.#take({ kind: "earlier-jobs", jobs: earlier });
    if (this.#job.state !== "requested") return this.#job;
    const { profileId, cardToken } = this.#job;
    const read = await this.#attempt((options) => this.#client.getProductionStatus({ profileId, cardToken }, options));
    if (read === undefined) return this.#job;
    await this.#take({ kind: "first-read", production: read });
    if (this.#job.state === "requested") await this.#send(read);
    else await this.#offer(read, earlier);
    return this.#job;
  }

  /** What keeps this job from printing may be news of the one before. */
  async #offer(read: Production, earlier: readonly PrintJob[]): Promise<void> {
    const last = earlier.find((job) => !isWithoutPrint(job));
    if (last !== undefined) await this.#changes.change(last, { kind: "read", production: read });
  }

  async #send(read: Production): Promise<void> {
    const { profileId, cardToken, kioskId } = this.#job;
    const previous = stateBefore(this.#job, read);
    const onIntent = (intent: ProductionIntent) => this.#recordIntent(intent);
    const request = { profileId, cardToken, kioskId, previous, onIntent };
    const production = await this.#attempt((options) => this.#client.produceCard(request, options));
    if (production === undefined) return;
    await this.#take({ kind: "response", production }, mayStandForPrint(production));
    if (this.#job.state === "requested") await this.#decideByReading();
  }

  /** The compare-and-set of the intent is the permission to send: it succeeds only on a job that is `requested`. */
  async #recordIntent(intent: ProductionIntent): Promise<void> {
    try {
      const { reconcileWindowMs } = this.#call.options;
      await this.#take({ kind: "intent", intent, reconcileWindowMs }, this.#mayHaveSent);
      if (this.#job.state !== "requested" || this.#job.intent !== intent) {
        throw new NotRequestedError("The print job is not `requested` any more.");
      }
      this.#mayHaveSent = true;
    } catch (error) {
      this.#obstacle = error;
      throw error;
    }
  }

  /** Calls the client. Returns `undefined` if it rejects, after the job has taken that in. */
  async #attempt(work: (options: CallOptions) => Promise<Production>): Promise<Production | undefined> {
    const { signal } = this.#call.options;
    try {
      signal?.throwIfAborted();
      return await work(this.#remainingOptions());
    } catch (error) {
      if (this.#obstacle instanceof NotRequestedError) return undefined;
      if (this.#obstacle !== undefined) throw this.#obstacle;
      const isOfCall = isKioskError(error) && error !== signal?.reason;
      const mayHaveTakenEffect = isOfCall ? error.mayHaveTakenEffect : this.#mayHaveSent;
      const input: PrintJobInput = { kind: "rejection", error: toPrintJobError(error), mayHaveTakenEffect };
      if (signal?.aborted === true) {
        await this.#take(input).catch(() => {});
        throw signal.reason;
      }
      await this.#take(input, mayHaveTakenEffect);
      return undefined;
    }
  }

  /**
   * Something exists at Wise: maybe this very request, sent twice by a gateway. The request is over, so its window begins now. If
   * the state cannot be read, a sweep reads it later.
   */
  async #decideByReading(): Promise<void> {
    const { intent } = this.#job;
    if (intent === null) return;
    const over = { ...intent, expiresAt: toIso(Math.min(Date.now(), Date.parse(intent.expiresAt))) };
    const reconciled = await this.#reconcile(over).catch(() => undefined);
    this.#call.options.signal?.throwIfAborted();
    if (reconciled !== undefined) await this.#take({ ...reconciled, kind: "reconciled", intent }, true);
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

  async #take(input: PrintJobInput, mayHaveTakenEffect = false): Promise<void> {
    const { job } = await this.#changes.change(this.#job, input, mayHaveTakenEffect);
    this.#job = job;
  }
}
