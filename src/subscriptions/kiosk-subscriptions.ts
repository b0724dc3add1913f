import { parsePathSegment } from "../options/path-segment.js";
import { chooseTransport } from "../transport/choose-transport.js";
import type { Transport } from "../transport/http-message.js";
import { MtlsPool } from "../transport/mtls-pool.js";
import type { EnsurePolicy } from "./choose-subscription.js";
import { createEnsureActions } from "./ensure-actions.js";
import { type EnsuredSubscription, ensureSubscription } from "./ensure-subscription.js";
import type { KioskSubscription, QueuedTestNotification } from "./kiosk-subscription.js";
import { type SeveralOperations, SubscriptionCalls } from "./subscription-calls.js";
import { parseSubscriptionRequest, type SubscriptionRequest } from "./subscription-request.js";
import type { KioskSubscriptionsOptions, SubscriptionCallOptions } from "./subscriptions-options.js";
import {
  parseSubscriptionCallOptions,
  parseSubscriptionsOptions,
  type SubscriptionsSettings,
} from "./subscriptions-settings.js";

/**
 * The webhook subscriptions of your application. `ensure` sets up the webhook of the kiosk event.
 *
 * A call that fails rejects with a `KioskError`, of the same classes as the calls of `WiseKioskClient`. If your `signal`
 * aborts, the call rejects with `signal.reason` instead.
 *
 * @example
 * ```ts
 * import { KioskSubscriptions } from "wise-card-kiosk/subscriptions";
 *
 * const subscriptions = new KioskSubscriptions(simulator.subscriptionOptions());
 * const { subscription, created } = await subscriptions.ensure({ url: "https://bank.example/wise" });
 * console.log(created, subscription.delivery.version);
 * // → true 4.0.0
 * ```
 *
 * @see https://docs.wise.com/api-reference/webhook
 */
export class KioskSubscriptions {
  readonly #settings: SubscriptionsSettings;
  readonly #transport: Transport;
  readonly #mtlsPool: MtlsPool | undefined;

  /**
   * Creates the object. It does not connect before the first request.
   *
   * @throws {KioskArgumentError} if an option is unknown or invalid.
   */
  constructor(options: KioskSubscriptionsOptions) {
    this.#settings = parseSubscriptionsOptions(options);
    const { fetch, dispatcher, mtls } = this.#settings.sending;
    this.#mtlsPool = mtls === undefined ? undefined : new MtlsPool(mtls);
    this.#transport = chooseTransport({ fetch, dispatcher, mtlsPool: this.#mtlsPool });
  }

  /**
   * Returns all subscriptions of your application, also those of other events.
   *
   * @throws {KioskArgumentError} if an option is invalid.
   * @throws {KioskError} if the call fails. `mayHaveTakenEffect` is always `false`.
   */
  async list(options: SubscriptionCallOptions = {}): Promise<readonly KioskSubscription[]> {
    return this.#perform(options, (calls) => calls.list());
  }

  /**
   * Returns a subscription.
   *
   * @throws {KioskArgumentError} if an argument or option is invalid.
   * @throws {KioskNotFoundError} if there is no such subscription.
   * @throws {KioskError} if the call fails. `mayHaveTakenEffect` is always `false`.
   */
  async get(subscriptionId: string, options: SubscriptionCallOptions = {}): Promise<KioskSubscription> {
    const id = parsePathSegment("subscriptionId", subscriptionId);
    return this.#perform(options, (calls) => calls.get(id));
  }

  /**
   * Creates a subscription of the kiosk event, even if there is one. To set up a webhook, call `ensure` instead.
   *
   * Wise has no idempotency key for this request. If its outcome is unknown, the call lists the subscriptions until
   * `reconcileWindowMs` have passed, reads those that a list shows only in part, and resolves with one for the same URL and
   * version. It sends another request only if there is none.
   *
   * @throws {KioskArgumentError} if an argument or option is invalid. The message names the rule that the URL breaks.
   * @throws {KioskError} if the call fails. If `mayHaveTakenEffect` is `true`, call `ensure` or `list` before you create
   * another one.
   */
  async create(request: SubscriptionRequest, options: SubscriptionCallOptions = {}): Promise<KioskSubscription> {
    const wanted = parseSubscriptionRequest(request, this.#settings.baseUrl);
    const { subscription } = await this.#perform(options, (calls) => calls.create(wanted), "createSubscription");
    return subscription;
  }

  /**
   * Deletes a subscription. Wise has no operation to change one: delete it, and create another.
   *
   * @throws {KioskArgumentError} if an argument or option is invalid.
   * @throws {KioskNotFoundError} if there is no such subscription.
   * @throws {KioskError} if the call fails. It is safe to repeat the call.
   */
  async delete(subscriptionId: string, options: SubscriptionCallOptions = {}): Promise<void> {
    const id = parsePathSegment("subscriptionId", subscriptionId);
    await this.#perform(options, (calls) => calls.delete(id));
  }

  /**
   * Asks Wise for a test notification: an event with dummy data and the header `X-Test-Notification`. Your webhook gets it with
   * `isTest: true`. Resolves once Wise has queued it, not once it was delivered.
   *
   * @throws {KioskArgumentError} if an argument or option is invalid.
   * @throws {KioskNotFoundError} if there is no such subscription.
   * @throws {KioskError} if the call fails. A request in doubt is not repeated.
   */
  async sendTest(
    subscriptionId: string,
    options: SubscriptionCallOptions = {},
  ): Promise<readonly QueuedTestNotification[]> {
    const id = parsePathSegment("subscriptionId", subscriptionId);
    return this.#perform(options, (calls) => calls.sendTest(id));
  }

  /**
   * Finds or creates the subscription of the kiosk event for a URL and version. Call it at every deployment, from as many
   * processes as you like: all of them resolve with the same subscription. The name plays no part in the search.
   *
   * If several processes create one at the same time, the earliest stays, then the one with the smallest id; each of them
   * deletes its own. The call resolves once two lists agree, `agreementMs` (1 s) apart, and the duplicates of other processes
   * are gone, which it awaits at most for `reconcileWindowMs`. It reads what it did not create, because a list may show one
   * that is deleted. It deletes no subscription from before the call: duplicates are in `others`.
   *
   * @throws {KioskArgumentError} if an argument or option is invalid. The message names the rule that the URL breaks.
   * @throws {KioskApiError} with the status 409 if Wise refuses to create one and shows none.
   * @throws {KioskNotFoundError} if someone else deletes what the call creates or finds.
   * @throws {KioskDecodeError} if Wise creates a subscription with another URL or version, or its lists contradict each other.
   * @throws {KioskError} if the call fails. It is safe to repeat the call.
   */
  async ensure(request: SubscriptionRequest, options: SubscriptionCallOptions = {}): Promise<EnsuredSubscription> {
    const { baseUrl, agreementMs } = this.#settings;
    const wanted = parseSubscriptionRequest(request, baseUrl);
    const ensure = (calls: SubscriptionCalls) => {
      const { maxRetries, reconcileWindowMs } = calls;
      const policy: EnsurePolicy = { agreementMs, reconcileWindowMs, maxRetries };
      return ensureSubscription(createEnsureActions(calls, wanted), wanted, policy);
    };
    return this.#perform(options, ensure, "ensure");
  }

  /** Closes the connections of `mtls` once the requests under way have ended. Without `mtls` there is nothing to close. */
  async close(): Promise<void> {
    await this.#mtlsPool?.close();
  }

  /** Calls {@link KioskSubscriptions.close} at the end of an `await using` scope. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #perform<T>(
    options: SubscriptionCallOptions,
    work: (calls: SubscriptionCalls) => Promise<T>,
    method?: SeveralOperations,
  ): Promise<T> {
    const calls = new SubscriptionCalls(this.#settings, this.#transport, parseSubscriptionCallOptions(options), method);
    try {
      return await work(calls);
    } finally {
      calls.end();
    }
  }
}
