import { PRODUCTION_EVENT_TYPE } from "../../schemas/webhook-event.js";
import { isLoopbackHost } from "../../text/loopback-host.js";
import type { ApplicationState, SubscriptionEffect } from "../api/handle-subscription-request.js";
import { type IssuedToken, issueToken } from "../api/handle-token-request.js";
import { producedProduction } from "../api/production-states.js";
import type { SimulatedSubscription } from "../api/simulated-subscription.js";
import { type DeliveryAttempt, DeliverySender } from "../webhooks/delivery-target.js";
import { otherEventBodies } from "../webhooks/other-event-body.js";
import {
  productionEventBodies,
  type WebhookSchemaVersion,
  type WebhookSubscription,
} from "../webhooks/production-event-body.js";
import type { WebhookDelivery } from "../webhooks/webhook-delivery.js";
import type { WebhookOutbox } from "../webhooks/webhook-outbox.js";

/** A request to send a test notification. */
type TestNotification = Extract<SubscriptionEffect, { kind: "test" }>;

/** The receiver of a subscription, and how to stop sending to it. */
interface Receiver {
  readonly sender: DeliverySender;
  readonly stopListening: () => void;
}

/** The application that the simulator knows: its tokens, its subscriptions, and their receivers. */
export class SimulatedApplication {
  readonly clientKey: string;
  /** The only secret with which the token endpoint issues tokens; `undefined` if it accepts any. */
  clientSecret: string | undefined;
  readonly subscriptions = new Map<string, SimulatedSubscription>();
  /** Called with every delivery to a subscribed URL. */
  onDelivery: (delivery: WebhookDelivery, url: string) => void = () => {};
  /** Called with every finished attempt of a delivery to a subscribed URL. */
  onAttempt: (attempt: DeliveryAttempt, delivery: WebhookDelivery) => void = () => {};
  readonly #outbox: WebhookOutbox;
  readonly #tokens = new Map<string, Date>();
  readonly #receivers = new Map<string, Receiver>();

  constructor(clientKey: string, outbox: WebhookOutbox) {
    this.clientKey = clientKey;
    this.#outbox = outbox;
  }

  /** Returns what the response to a request depends on. */
  asOf(now: Date, listShowsCreatedAt: boolean): ApplicationState {
    const { clientKey, clientSecret, subscriptions } = this;
    return { clientKey, clientSecret, subscriptions, now, listShowsCreatedAt };
  }

  /** Issues a token of the application. */
  issueToken(now: Date): string {
    const issued = issueToken(now);
    this.addToken(issued);
    return issued.token;
  }

  addToken({ token, expiresAt }: IssuedToken): void {
    this.#tokens.set(token, expiresAt);
  }

  acceptsToken(token: string, now: Date): boolean {
    const expiresAt = this.#tokens.get(token);
    return expiresAt !== undefined && now < expiresAt;
  }

  /** Adds a subscription. Its events are posted to its URL if that is on this machine, and to no other URL. */
  subscribe(subscription: SimulatedSubscription): void {
    const { id, delivery } = subscription;
    this.subscriptions.set(id, subscription);
    if (!isLoopbackHost(new URL(delivery.url).hostname)) return;
    const sender = new DeliverySender(delivery.url, {}, this.#outbox, (...attempt) => this.onAttempt(...attempt));
    const stopListening = this.#outbox.listen({
      subscriptionId: id,
      onDelivery: (sent) => {
        this.onDelivery(sent, delivery.url);
        sender.send(sent);
      },
    });
    this.#receivers.set(id, { sender, stopListening });
  }

  /** Removes a subscription. Nothing more is sent for it. */
  unsubscribe(subscriptionId: string): void {
    this.subscriptions.delete(subscriptionId);
    const receiver = this.#receivers.get(subscriptionId);
    receiver?.stopListening();
    receiver?.sender.giveUp();
    this.#receivers.delete(subscriptionId);
  }

  /** Notifies each subscription of the kiosk event of a change of a card. */
  notify(bodiesFor: (subscription: WebhookSubscription) => () => string): void {
    for (const subscription of this.subscriptions.values()) {
      if (subscription.trigger_on !== PRODUCTION_EVENT_TYPE) continue;
      this.#outbox.notify(bodiesFor(this.#toWebhooks(subscription)), { subscriptionId: subscription.id });
    }
  }

  /** Sends a test notification, with dummy data as Wise describes it: ids of 0, and the current time. */
  sendTest({ subscription, deliveryId }: TestNotification, clock: { readonly now: Date }): void {
    const { id, trigger_on } = subscription;
    const webhooks = this.#toWebhooks(subscription);
    const card = { profileId: "0", cardToken: crypto.randomUUID() };
    const production = producedProduction("0", clock.now.toISOString());
    const bodyNow =
      trigger_on === PRODUCTION_EVENT_TYPE
        ? productionEventBodies(card, production, webhooks, clock)
        : otherEventBodies(trigger_on, webhooks, clock);
    this.#outbox.notify(bodyNow, { subscriptionId: id, deliveryId, isTest: true });
  }

  #toWebhooks({ id, delivery }: SimulatedSubscription): WebhookSubscription {
    // A subscription to the kiosk event has one of these versions.
    const schemaVersion = delivery.version as WebhookSchemaVersion;
    return { schemaVersion, subscriptionId: id, clientId: this.clientKey };
  }

  /** Resolves once every delivery to a subscribed URL so far has been accepted or given up. */
  async settled(): Promise<void> {
    await Promise.all([...this.#receivers.values()].map(({ sender }) => sender.settled()));
  }

  /** Gives up the deliveries in progress. Later ones are sent as usual. */
  giveUp(): void {
    for (const { sender } of this.#receivers.values()) sender.giveUp();
  }

  /** Removes all subscriptions and tokens. */
  clear(): void {
    for (const id of [...this.subscriptions.keys()]) this.unsubscribe(id);
    this.#tokens.clear();
  }
}
