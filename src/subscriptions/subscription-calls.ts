import { type Attempt, Attempts, type Classify } from "../calls/attempts.js";
import type { Call, CallRequest } from "../calls/call.js";
import { createCall } from "../calls/create-call.js";
import { executeWrite } from "../calls/execute-write.js";
import { type RepeatedAttempt, repeatSafely } from "../calls/repeat-safely.js";
import { KioskNotFoundError } from "../errors/api-error.js";
import type { SubscriptionOperation } from "../production/operation.js";
import type { AttemptOutcome, CallHistory } from "../response/attempt-outcome.js";
import { createTimeoutError } from "../response/classify-failure.js";
import { type Instant, steadyMs } from "../time/clock.js";
import { Deadline } from "../time/deadline.js";
import { wait } from "../time/wait.js";
import { createTokenSource } from "../tokens/token-source.js";
import type { Transport } from "../transport/http-message.js";
import { afterCreateList, findLatest, findPossiblyCreated } from "./after-create-list.js";
import { catchOnly } from "./catch-only.js";
import { classifyDeletion, createReadClassifier, createWriteClassifier } from "./classify-subscription-response.js";
import { decodeQueuedNotifications, decodeSubscription, decodeSubscriptionList } from "./decode-subscription.js";
import type { CreatedSubscription } from "./ensure-subscription.js";
import type { KioskSubscription, QueuedTestNotification } from "./kiosk-subscription.js";
import { lacksDetails } from "./matching-subscriptions.js";
import { withDetails, withTimes } from "./missing-details.js";
import { toRequestBody, type WantedSubscription } from "./subscription-request.js";
import type { SubscriptionCallSettings, SubscriptionsSettings } from "./subscriptions-settings.js";

const classifyList = createReadClassifier(decodeSubscriptionList);
const classifyOne = createReadClassifier(decodeSubscription);
const classifyCreation = createWriteClassifier(decodeSubscription);
const classifyTest = createWriteClassifier(decodeQueuedNotifications);

/** The methods that consist of several operations. */
export type SeveralOperations = "createSubscription" | "ensure";

/**
 * The operations of one call of `KioskSubscriptions`. They share its correlation id, clock and deadline. Once one of them may have
 * changed something at Wise, every later error says so.
 */
export class SubscriptionCalls {
  readonly #settings: SubscriptionsSettings;
  readonly #own: SubscriptionCallSettings;
  readonly #method: SeveralOperations | undefined;
  readonly #base: Call;
  readonly #begun: Instant;
  #mayHaveTakenEffect = false;

  /** @param method the method that was called, if it consists of several operations: errors advise what to do after it. */
  constructor(
    settings: SubscriptionsSettings,
    transport: Transport,
    own: SubscriptionCallSettings,
    method?: SeveralOperations,
  ) {
    this.#settings = settings;
    this.#own = own;
    this.#method = method;
    const operation = "listSubscriptions";
    this.#base = createCall(settings, own, { operation, tokens: this.#tokensFor(operation), transport });
    this.#begun = this.#base.clock.now();
  }

  /** How often a request may be sent again. */
  get maxRetries(): number {
    return this.#base.maxRetries;
  }

  /** The reconcile window, in milliseconds. */
  get reconcileWindowMs(): number {
    return this.#base.reconcile.reconcileWindowMs;
  }

  /** The details for errors that do not come from a response, such as giving up. */
  get history(): CallHistory {
    return this.#history("listSubscriptions");
  }

  /** Returns the time since the call began, in milliseconds. */
  now(): number {
    return this.#toMs(this.#base.clock.now());
  }

  /**
   * Waits for `ms` milliseconds.
   *
   * @throws {KioskTimeoutError} if the deadline passes, and the reason of the caller's signal if that aborts.
   */
  async wait(ms: number): Promise<void> {
    if (await wait(ms, this.#base)) return;
    const operation = this.#method ?? "listSubscriptions";
    throw createTimeoutError(operation, "deadlineMs", true, "the call")(this.history);
  }

  async list(): Promise<readonly KioskSubscription[]> {
    const { all } = this.#settings.routes;
    return this.#toValue(
      "listSubscriptions",
      await this.#repeat("listSubscriptions", { ...all, method: "GET" }, classifyList),
    );
  }

  async get(id: string): Promise<KioskSubscription> {
    const request: CallRequest = { ...this.#settings.routes.one(id), method: "GET" };
    return this.#toValue("getSubscription", await this.#repeat("getSubscription", request, classifyOne));
  }

  /** Creates a subscription. If the outcome of a request is unknown, it lists the subscriptions to find out. */
  async create(wanted: WantedSubscription): Promise<CreatedSubscription> {
    const { all } = this.#settings.routes;
    const { deadline, clock } = this.#base;
    let windowBeganAt: Instant | undefined;
    let listed: readonly KioskSubscription[] = [];
    const details = new Map<string, KioskSubscription>();
    const read = (id: string) => this.get(id).catch(catchOnly(isAbsence));
    const result = await executeWrite<KioskSubscription, readonly KioskSubscription[]>(
      // The deadline of a write ends with it, but this call may go on.
      { ...this.#callFor("createSubscription"), deadline: deadline && new Deadline(clock, deadline.leftMs) },
      {
        write: { ...all, method: "POST", body: toRequestBody(wanted) },
        read: { ...all, method: "GET" },
        classify: classifyCreation,
        reconcileBy: {
          classifyRead: classifyList,
          afterRead: async (policy, known, shown, span) => {
            windowBeganAt = known.windowBeganAt;
            this.#mayHaveTakenEffect = true;
            listed = await withDetails(read, shown, lacksDetails, details);
            return afterCreateList(policy, known, listed, wanted, span);
          },
        },
        previous: undefined,
        calledMethod: this.#method,
        mayHaveTakenEffect: this.#mayHaveTakenEffect,
      },
    );
    this.#mayHaveTakenEffect = true;
    // Wise refuses no subscription with the state of a production.
    const created = result as KioskSubscription;
    const possible = listed.includes(created) ? findPossiblyCreated(listed, wanted) : [];
    return {
      subscription: findLatest(await withTimes(read, possible, details)) ?? created,
      doubtUntilMs: windowBeganAt && this.#toMs(windowBeganAt) + this.reconcileWindowMs,
    };
  }

  /** Deletes a subscription. It may be repeated: if the response to an earlier request was lost, a 404 is a success. */
  async delete(id: string): Promise<void> {
    const request: CallRequest = { ...this.#settings.routes.one(id), method: "DELETE" };
    const attempt = await this.#repeat("deleteSubscription", request, classifyDeletion);
    this.#mayHaveTakenEffect ||= attempt.wasInDoubt || leavesDoubt(attempt.outcome);
    const deletion = this.#toValue("deleteSubscription", attempt);
    if (deletion.kind === "deleted") this.#mayHaveTakenEffect = true;
    else if (!attempt.wasInDoubt) throw deletion.error(this.#history("deleteSubscription"));
  }

  /** Requests a test notification. A request in doubt is not repeated. */
  async sendTest(id: string): Promise<readonly QueuedTestNotification[]> {
    const request: CallRequest = { ...this.#settings.routes.testNotifications(id), method: "POST" };
    const attempt = await this.#repeat("sendTestNotification", request, classifyTest, false);
    this.#mayHaveTakenEffect ||= leavesDoubt(attempt.outcome);
    return this.#toValue("sendTestNotification", attempt);
  }

  /** Clears the timer of the deadline. */
  end(): void {
    this.#base.deadline?.end();
  }

  #tokensFor(operation: SubscriptionOperation): Call["tokens"] {
    const { clientKey, token } = this.#settings;
    return createTokenSource(this.#own.token ?? token, clientKey, { clientKey, operation });
  }

  #callFor(operation: SubscriptionOperation): Call {
    return { ...this.#base, operation, tokens: this.#tokensFor(operation) };
  }

  async #repeat<V>(
    operation: SubscriptionOperation,
    request: CallRequest,
    classify: Classify<AttemptOutcome<V>>,
    repeatsInDoubt = true,
  ): Promise<RepeatedAttempt<V>> {
    const call = this.#callFor(operation);
    const attempt = await repeatSafely(new Attempts(call), request, call, classify, { repeatsInDoubt });
    attempt.report();
    return attempt;
  }

  #toValue<V>(operation: SubscriptionOperation, { outcome }: Attempt<AttemptOutcome<V>>): V {
    if (outcome.kind === "done") return outcome.value;
    throw outcome.error(this.#history(operation));
  }

  #history(operation: SubscriptionOperation): CallHistory {
    const { correlationId } = this.#base;
    const method = this.#method ?? operation;
    return {
      operation: method,
      correlationId,
      mayHaveTakenEffect: this.#mayHaveTakenEffect,
      productionAfter: undefined,
    };
  }

  #toMs(instant: Instant): number {
    return steadyMs(this.#begun, instant);
  }
}

/** Returns whether an error says that a subscription does not exist. */
export function isAbsence(error: unknown): error is KioskNotFoundError {
  return error instanceof KioskNotFoundError;
}

/** Returns whether a write may have taken effect, by the outcome of its last attempt. */
function leavesDoubt(outcome: AttemptOutcome<unknown>): boolean {
  switch (outcome.kind) {
    case "ambiguous":
      return true;
    case "rejected":
      return outcome.mayHaveTakenEffect === true;
    case "ended":
      return outcome.requestSent;
    default:
      return false;
  }
}
