import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { describeValue, mustBe } from "../../arguments/found-value.js";
import { requireFunction, requireNoPromise } from "../../arguments/parse-function.js";
import { KioskArgumentError } from "../../errors/argument-error.js";
import { nearestMatch } from "../../text/nearest-match.js";
import { keyPair } from "./key-pair.js";
import { runOrReport } from "./run-or-report.js";
import { signWebhook } from "./sign-webhook.js";
import type { HeldDeliveries, OnDelivery, WebhookDelivery } from "./webhook-delivery.js";

/** What an event is for, besides its body. */
export interface NotificationOptions {
  /** Whether it is marked as a test notification. Default: `false`. */
  readonly isTest?: boolean;
  /** The value of `X-Delivery-Id`. Default: a random UUID. */
  readonly deliveryId?: string;
  /** The subscription that was created at the simulator and that the event is for. Default: the one of its options. */
  readonly subscriptionId?: string;
}

/** An event that can be delivered once or repeatedly. */
export interface Notification {
  /** The subscription that was created at the simulator; `undefined` for the one of its options. */
  readonly subscriptionId: string | undefined;
  /** The value of `X-Delivery-Id`, the same for every delivery of the event. */
  readonly deliveryId: string;
  /** Whether it is marked as a test notification. */
  readonly isTest: boolean;
  /** Returns the body at the time of sending. No two have the same `sent_at`. */
  readonly bodyNow: () => string;
}

/** Callbacks for deliveries. */
export interface Listener {
  /** The subscription whose deliveries the listener gets, `"options"` for the one of the simulator's options. Default: all. */
  readonly subscriptionId?: string;
  /** Called with every delivery. */
  readonly onDelivery: OnDelivery;
  /** Called when all deliveries are dropped. */
  readonly onClear?: () => void;
}

/** A delivery that is signed on first use. */
interface LazyDelivery {
  /** The event; `undefined` for a delivery that a test made up when it released others. */
  readonly notification: Notification | undefined;
  readonly sign: () => WebhookDelivery;
}

/** The listeners' name for the subscription of the simulator's options. */
export const CONFIGURED_SUBSCRIPTION = "options";

/** The deliveries of a simulator, and its listeners. */
export class WebhookOutbox {
  readonly #notifications = new Map<string, Notification>();
  readonly #listeners = new Set<Listener>();
  /** Signed on first use: most tests never read them, and the key takes a while to generate. */
  readonly #delivered: LazyDelivery[] = [];
  /** What listeners must still be called with, oldest first. */
  readonly #due: LazyDelivery[] = [];
  #isDelivering = false;
  #held: LazyDelivery[] | undefined;

  get deliveries(): WebhookDelivery[] {
    return this.#delivered.map(({ sign }) => copyDelivery(sign()));
  }

  /** What is held back, oldest first; `undefined` if deliveries are not held back. */
  get held(): WebhookDelivery[] | undefined {
    return this.#held?.map(({ sign }) => copyDelivery(sign()));
  }

  /**
   * Forgets all events but those with these delivery ids and those that are held back, and all but as many of the newest
   * deliveries. An event that is forgotten cannot be delivered again.
   */
  keepOnly(deliveryIds: readonly string[]): void {
    this.#delivered.splice(0, this.#delivered.length - deliveryIds.length);
    const held = (this.#held ?? []).map(({ notification }) => notification?.deliveryId);
    const kept = new Set([...deliveryIds, ...held]);
    for (const deliveryId of this.#notifications.keys()) {
      if (!kept.has(deliveryId)) this.#notifications.delete(deliveryId);
    }
  }

  /** Calls a listener for every delivery from now on. Returns a function that removes the listener. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Delivers an event for the first time. */
  notify(
    bodyNow: () => string,
    { deliveryId = randomUUID(), isTest = false, subscriptionId }: NotificationOptions = {},
  ): void {
    const notification = { deliveryId, isTest, subscriptionId, bodyNow };
    this.#notifications.set(notification.deliveryId, notification);
    this.#send(notification);
  }

  /**
   * Delivers an event again.
   *
   * @param deliveryId default: that of the newest event.
   * @throws {KioskArgumentError} if there is no such delivery.
   */
  redeliver(deliveryId: string | undefined): void {
    if (deliveryId !== undefined && typeof deliveryId !== "string") {
      throw mustBe("deliveryId", "the id of a delivery", describeValue(deliveryId));
    }
    const notification = this.#notifications.get(deliveryId ?? [...this.#notifications.keys()].at(-1) ?? "");
    if (notification === undefined) {
      const nearest = nearestMatch(deliveryId ?? "", this.#notifications.keys());
      const advice = nearest === undefined ? "there are none yet" : `did you mean ${nearest}?`;
      throw new KioskArgumentError("deliveryId", `must be the id of one of this simulator's deliveries; ${advice}`);
    }
    this.#send(notification);
  }

  /** Returns a delivery as it is sent again: with another `sent_at`, unless a test has changed it when it released it. */
  renew(delivery: WebhookDelivery): WebhookDelivery {
    const notification = this.#notifications.get(delivery.deliveryId);
    if (notification === undefined || !isDeepStrictEqual(delivery, signDelivery(notification, delivery.body))) {
      return delivery;
    }
    return signDelivery(notification, notification.bodyNow());
  }

  /** @throws {Error} if deliveries are already held back. */
  hold(): HeldDeliveries {
    if (this.#held !== undefined) throw new Error("Deliveries are already held back: release them first");
    const held: LazyDelivery[] = [];
    this.#held = held;
    return {
      release: (arrange = (deliveries) => deliveries) => {
        const released = [...held];
        // If `arrange` fails, everything stays held back.
        const deliveries = parseArranged(requireFunction("arrange", arrange)(released.map(({ sign }) => sign())));
        if (this.#held === held) this.#held = undefined;
        const added = held.splice(0).slice(released.length);
        // Listeners may let the outbox forget events while others of them still wait for their turn.
        const notifications = new Map(released.map(({ notification }) => [notification?.deliveryId, notification]));
        for (const delivery of deliveries) {
          const { deliveryId } = delivery;
          const notification = notifications.get(deliveryId) ?? this.#notifications.get(deliveryId);
          this.#deliver({ notification, sign: () => delivery });
        }
        for (const delivery of added) this.#deliver(delivery);
      },
    };
  }

  /** Drops everything that was delivered or held back. Listeners stay, and their `onClear` is called. */
  clear(): void {
    this.#notifications.clear();
    this.#delivered.length = 0;
    this.#due.length = 0;
    this.#held?.splice(0);
    this.#held = undefined;
    for (const { onClear } of this.#listeners) onClear?.();
  }

  #send(notification: Notification): void {
    const delivery = createLazyDelivery(notification);
    if (this.#held === undefined) this.#deliver(delivery);
    else this.#held.push(delivery);
  }

  /** Calls every listener with a delivery. One that a listener causes waits until all of them know the earlier ones. */
  #deliver(delivery: LazyDelivery): void {
    this.#delivered.push(delivery);
    this.#due.push(delivery);
    if (this.#isDelivering) return;
    this.#isDelivering = true;
    for (let next = this.#due.shift(); next !== undefined; next = this.#due.shift()) this.#notifyListeners(next);
    this.#isDelivering = false;
  }

  #notifyListeners({ notification, sign }: LazyDelivery): void {
    if (notification !== undefined) this.#notifications.set(notification.deliveryId, notification);
    const { subscriptionId = CONFIGURED_SUBSCRIPTION } = notification ?? {};
    for (const listener of this.#listeners) {
      const isConcerned = listener.subscriptionId === undefined || listener.subscriptionId === subscriptionId;
      if (isConcerned) runOrReport(() => listener.onDelivery(copyDelivery(sign())));
    }
  }
}

/** @throws {KioskArgumentError} if `arrange` did not return an array of deliveries. */
function parseArranged(arranged: unknown): readonly WebhookDelivery[] {
  const wanted = "a function that returns an array of deliveries";
  requireNoPromise("arrange", wanted, arranged);
  // `([first]) => [first, first]` returns `undefined` twice if nothing was held back.
  const deliveries = Array.isArray(arranged) ? arranged.filter((one) => one !== undefined) : undefined;
  if (deliveries?.every((one) => typeof one?.body === "string" && one.headers)) return deliveries;
  const found = deliveries === undefined ? describeValue(arranged) : "an array of something else";
  throw mustBe("arrange", wanted, `one that returns ${found}`);
}

/** Returns a delivery with the current body. It is signed on first use. */
function createLazyDelivery(notification: Notification): LazyDelivery {
  const body = notification.bodyNow();
  let signed: WebhookDelivery | undefined;
  const sign = () => {
    signed ??= signDelivery(notification, body);
    return signed;
  };
  return { notification, sign };
}

function signDelivery({ deliveryId, isTest }: Notification, body: string): WebhookDelivery {
  return {
    deliveryId,
    body,
    headers: {
      "Content-Type": "application/json",
      "X-Delivery-Id": deliveryId,
      "X-Signature-SHA256": signWebhook(body, keyPair().privateKey),
      ...(isTest ? { "X-Test-Notification": "true" } : {}),
    },
  };
}

/** Returns a copy, so that whoever changes one changes it for no one else. */
function copyDelivery(delivery: WebhookDelivery): WebhookDelivery {
  return { ...delivery, headers: { ...delivery.headers } };
}
