import { describeValue, mustBe } from "../../arguments/found-value.js";
import { KioskArgumentError } from "../../errors/argument-error.js";
import type { SimulatorCore } from "../../testing/simulator/simulator-core.js";
import { type DeliveryAttempt, DeliverySender } from "../../testing/webhooks/delivery-target.js";
import type { HeldDeliveries, WebhookDelivery } from "../../testing/webhooks/webhook-delivery.js";
import { CONFIGURED_SUBSCRIPTION } from "../../testing/webhooks/webhook-outbox.js";
import { hideQuery } from "./hidden-credentials.js";

/** How many deliveries a sandbox remembers, so that memory does not grow during a long run. */
const REMEMBERED_DELIVERIES = 500;

/** The wait before the second attempt. It doubles up to ten times the value. Wise waits a minute or more. */
const RETRY_DELAY_MS = 1000;

/** An attempt of a delivery, and when it ended, by the simulator's clock, in ISO 8601. */
export interface LoggedAttempt extends DeliveryAttempt {
  readonly at: string;
}

/** A delivery that went out, and what became of it. */
export interface SentDelivery {
  readonly delivery: WebhookDelivery;
  /** When it went out, by the simulator's clock, in ISO 8601. */
  readonly at: string;
  /** The receiver, without its query; `null` if there is none. */
  readonly url: string | null;
  /** The finished attempts, oldest first. */
  readonly attempts: LoggedAttempt[];
}

/** Called with each attempt of a delivery, or once without one if there is no receiver. */
export type OnDeliveryNews = (sent: SentDelivery, attempt: LoggedAttempt | undefined) => void;

/** The deliveries of a sandbox and their receiver. */
export class DeliveryLog {
  readonly #core: SimulatorCore;
  readonly #onNews: OnDeliveryNews;
  #sent: SentDelivery[] = [];
  #receiver: { readonly url: string; readonly sender: DeliverySender } | undefined;
  #hold: HeldDeliveries | undefined;

  constructor(core: SimulatorCore, onNews: OnDeliveryNews) {
    this.#core = core;
    this.#onNews = onNews;
    core.outbox.listen({
      subscriptionId: CONFIGURED_SUBSCRIPTION,
      onDelivery: (delivery) => this.#send(delivery),
      onClear: () => this.#clear(),
    });
    core.application.onDelivery = (delivery, url) => this.#add(delivery, url);
    core.application.onAttempt = (attempt, delivery) => this.#addAttempt(attempt, delivery);
  }

  /** The newest deliveries that went out, oldest first. */
  get sent(): readonly SentDelivery[] {
    return this.#sent;
  }

  /** What is held back, oldest first; `undefined` if deliveries are not held back. */
  get held(): readonly WebhookDelivery[] | undefined {
    return this.#core.outbox.held;
  }

  get url(): string | null {
    return this.#receiver?.url ?? null;
  }

  /**
   * Posts every delivery from now on to a URL, or to none. Gives up attempts to the previous one.
   *
   * @throws {KioskArgumentError} if the URL is invalid.
   */
  deliverTo(url: string | null): void {
    if (url !== null) requireReceiverUrl(url);
    const receiver = url === null ? undefined : { url, sender: this.#createSender(url) };
    this.stop();
    this.#receiver = receiver;
  }

  /** Holds deliveries back. Returns `false` if they are held back already. */
  hold(): boolean {
    if (this.#core.outbox.held !== undefined) return false;
    this.#hold = this.#core.outbox.hold();
    return true;
  }

  /** Delivers what `arrange` returns of what is held back, and stops holding back. */
  release(arrange: (held: readonly WebhookDelivery[]) => readonly WebhookDelivery[]): void {
    this.#hold?.release(arrange);
    this.#hold = undefined;
  }

  /** @throws {KioskArgumentError} if there is no such delivery. */
  redeliver(deliveryId: string): void {
    this.#core.outbox.redeliver(deliveryId);
  }

  /** Gives up attempts in progress. */
  stop(): void {
    this.#receiver?.sender.giveUp();
  }

  #createSender(url: string): DeliverySender {
    const options = { retryDelayMs: RETRY_DELAY_MS };
    const { outbox } = this.#core;
    return new DeliverySender(url, options, outbox, (attempt, delivery) => this.#addAttempt(attempt, delivery));
  }

  #send(delivery: WebhookDelivery): void {
    const sent = this.#add(delivery, this.url);
    if (this.#receiver === undefined) this.#onNews(sent, undefined);
    else this.#receiver.sender.send(delivery);
  }

  #add(delivery: WebhookDelivery, url: string | null): SentDelivery {
    const sent = { delivery, at: this.#core.now.toISOString(), url: url && hideQuery(url), attempts: [] };
    this.#sent = [...this.#sent, sent].slice(-REMEMBERED_DELIVERIES);
    this.#core.outbox.keepOnly(this.#sent.map((one) => one.delivery.deliveryId));
    return sent;
  }

  #addAttempt(attempt: DeliveryAttempt, delivery: WebhookDelivery): void {
    const sent = this.#sent.findLast((one) => one.delivery === delivery);
    if (sent === undefined) return;
    const logged = { ...attempt, at: this.#core.now.toISOString() };
    sent.attempts.push(logged);
    this.#onNews(sent, logged);
  }

  #clear(): void {
    this.#sent = [];
    this.#hold = undefined;
    this.stop();
  }
}

function requireReceiverUrl(url: string): void {
  const { protocol, username, password } = URL.canParse(url) ? new URL(url) : {};
  if (protocol !== "http:" && protocol !== "https:") {
    throw mustBe("webhookUrl", "an absolute http: or https: URL", describeValue(url));
  }
  // The URL is printed with every delivery.
  if (username !== "" || password !== "") {
    throw new KioskArgumentError("webhookUrl", "must not contain a user name or password");
  }
}
