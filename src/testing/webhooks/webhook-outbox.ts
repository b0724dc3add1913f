import { randomUUID } from "node:crypto";
import { KioskArgumentError } from "../../errors/argument-error.js";
import { nearestMatch } from "../../text/nearest-match.js";
import { keyPair } from "./key-pair.js";
import { signWebhook } from "./sign-webhook.js";
import type { HeldDeliveries, OnDelivery, WebhookDelivery } from "./webhook-delivery.js";

/** What is to be delivered, now or once more. */
export interface Notification {
  readonly deliveryId: string;
  readonly isTest: boolean;
  /** The body as it is at the moment of sending. */
  readonly bodyNow: () => string;
}

/** A listener to deliveries, and to their end. */
export interface Listener {
  readonly onDelivery: OnDelivery;
  /** All deliveries were forgotten. */
  readonly onClear?: () => void;
}

/** What the simulated Wise has delivered, and its listeners. */
export class WebhookOutbox {
  readonly #notifications = new Map<string, Notification>();
  readonly #listeners = new Set<Listener>();
  /** Signed when they are looked at: most tests never do, and the key takes a while to make. */
  readonly #delivered: (() => WebhookDelivery)[] = [];
  #held: (() => WebhookDelivery)[] | undefined;

  get deliveries(): WebhookDelivery[] {
    return this.#delivered.map((delivery) => delivery());
  }

  /** Reports every delivery from now on to a listener. Returns a function that ends this. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Delivers something for the first time. */
  notify(bodyNow: () => string, isTest = false): void {
    const notification = { deliveryId: randomUUID(), isTest, bodyNow };
    this.#notifications.set(notification.deliveryId, notification);
    this.#send(notification);
  }

  /** Delivers something once more. */
  redeliver(deliveryId: string | undefined): void {
    const notification = this.#notifications.get(deliveryId ?? [...this.#notifications.keys()].at(-1) ?? "");
    if (notification === undefined) {
      const nearest = nearestMatch(deliveryId ?? "", this.#notifications.keys());
      const advice = nearest === undefined ? "nothing was delivered yet" : `the nearest is ${nearest}`;
      throw new KioskArgumentError("deliveryId", `must be that of a delivery of this simulator: ${advice}`);
    }
    this.#send(notification);
  }

  hold(): HeldDeliveries {
    if (this.#held !== undefined) throw new Error("Deliveries are held back already: release them first");
    const held: (() => WebhookDelivery)[] = [];
    this.#held = held;
    return {
      release: (arrange = (deliveries) => deliveries) => {
        if (this.#held === held) this.#held = undefined;
        const deliveries = arrange(held.splice(0).map((delivery) => delivery()));
        // `([first]) => [first, first]` returns what is not there if nothing was held back.
        for (const delivery of deliveries.filter(Boolean)) this.#deliver(() => delivery);
      },
    };
  }

  /** Forgets what was delivered and held back. Listeners stay, and are called. */
  clear(): void {
    this.#notifications.clear();
    this.#delivered.length = 0;
    this.#held?.splice(0);
    this.#held = undefined;
    for (const { onClear } of this.#listeners) onClear?.();
  }

  #send(notification: Notification): void {
    const delivery = lazily(notification);
    if (this.#held === undefined) this.#deliver(delivery);
    else this.#held.push(delivery);
  }

  #deliver(delivery: () => WebhookDelivery): void {
    this.#delivered.push(delivery);
    for (const { onDelivery } of this.#listeners) notifyListener(onDelivery, delivery());
  }
}

/** A delivery whose body stands, and which is signed when it is first looked at. */
function lazily({ deliveryId, isTest, bodyNow }: Notification): () => WebhookDelivery {
  const body = bodyNow();
  let signed: WebhookDelivery | undefined;
  return () => {
    signed ??= {
      deliveryId,
      body,
      headers: {
        "Content-Type": "application/json",
        "X-Delivery-Id": deliveryId,
        "X-Signature-SHA256": signWebhook(body, keyPair().privateKey),
        ...(isTest ? { "X-Test-Notification": "true" } : {}),
      },
    };
    return signed;
  };
}

/** A listener that fails must not change what the simulator answers, and must not go unheard. */
function notifyListener(listener: OnDelivery, delivery: WebhookDelivery): void {
  try {
    listener(delivery);
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
