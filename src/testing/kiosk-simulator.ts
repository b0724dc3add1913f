import type { SimulatorFetch } from "./adapters/fetch-adapter.js";
import type { ListenOptions } from "./adapters/listen-options.js";
import type { LoopbackServer } from "./adapters/loopback-server.js";
import type { ReceivedRequest } from "./api/received-request.js";
import type { SimulatedCard } from "./api/simulated-card.js";
import type { FaultInjection, InjectedFault } from "./faults/fault.js";
import type { SimulatedCardOptions } from "./simulator/simulator-options.js";
import type { DeliveryTarget, DeliveryTargetOptions } from "./webhooks/delivery-target.js";
import type { HeldDeliveries, OnDelivery, WebhookDelivery } from "./webhooks/webhook-delivery.js";

/** Options that connect a `WiseKioskClient` to a simulator. */
export interface SimulatorClientOptions {
  /** A URL with a host that does not exist, so that a request that bypasses the simulator fails. */
  readonly baseUrl: string;
  /** The access token that the simulator accepts for every profile, unless `acceptsToken` decides otherwise. */
  readonly token: string;
  /** The simulator's `fetch`. */
  readonly fetch: SimulatorFetch;
  /**
   * The client's `reconcileWindowMs`, in milliseconds: 0 if reads do not lag, so that tests stay quick; otherwise `readLagMs` plus
   * a margin, at most 600000.
   */
  readonly reconcileWindowMs: number;
}

/** Options that connect `KioskSubscriptions` to a simulator. */
export interface SimulatorSubscriptionOptions {
  /** A URL that names this machine but leads nowhere. With it, a subscription may name a receiver on this machine. */
  readonly baseUrl: string;
  /** The client key of the simulated application: the option `webhooks.clientId`, `your-bank` unless set. */
  readonly clientKey: string;
  /** A token of the application itself, valid for 12 hours of the simulator's clock and until `reset()`. */
  readonly token: string;
  /** The simulator's `fetch`. */
  readonly fetch: SimulatorFetch;
  /** Always 0, because a list does not lag, so that tests stay quick. */
  readonly reconcileWindowMs: number;
  /** Always 0, so that tests stay quick. It is too short for several processes at the same time. */
  readonly agreementMs: number;
}

/** Options that make `KioskWebhooks` accept the webhooks of a simulator. */
export interface SimulatorWebhooksOptions {
  /** The public key that verifies the webhooks, in SPKI PEM. */
  readonly publicKeys: readonly string[];
  /** The id of the subscription that the webhooks belong to. */
  readonly subscriptionIds: readonly string[];
}

/**
 * A simulator of Wise's card kiosk collection for tests: cards, kiosks and the documented responses, in memory.
 *
 * It has several adapters (`fetch`, `dispatcher`, `listen()`) and behaves the same through all of them. It has its own clock, see
 * `now`.
 */
export interface KioskSimulator {
  /**
   * A `fetch` that responds as Wise would, whatever the host. Pass it to the client, or replace the global one with it. Requests to
   * other paths get a 404.
   */
  readonly fetch: SimulatorFetch;
  /**
   * A dispatcher for undici 6 to 8 and for Node.js: pass it to `setGlobalDispatcher()`, or as the client's `dispatcher`. It
   * responds as Wise would, whatever the host. For requests to other paths, see `onUnhandledRequest`.
   *
   * Its type is `any` because each version of undici requires its own class. The only method is `dispatch`.
   */
  // biome-ignore lint/suspicious/noExplicitAny: no other type fits every version of setGlobalDispatcher
  readonly dispatcher: any;
  /**
   * Opens a real HTTP server, by default on a free port of 127.0.0.1.
   *
   * @throws {KioskArgumentError} if an option is unknown or invalid, the port is in use or needs more privileges, or the host is
   * not an address of this machine.
   */
  listen(options?: ListenOptions): Promise<LoopbackServer>;
  /**
   * Returns options for `new WiseKioskClient(…)`: a base URL with a host that does not exist, the token, `fetch`, and
   * a `reconcileWindowMs` that matches the current `readLagMs`.
   */
  clientOptions(): SimulatorClientOptions;
  /**
   * Returns options for `new KioskSubscriptions(…)`: a base URL that leads nowhere, the client key, a token of the application
   * itself, and `fetch`.
   */
  subscriptionOptions(): SimulatorSubscriptionOptions;

  /**
   * Returns the controls of a card.
   *
   * @throws {KioskArgumentError} if there is no such card; the message suggests the most similar token.
   */
  card(cardToken: string): SimulatedCard;
  /**
   * Adds a card until the next `reset()`, and returns its controls.
   *
   * @throws {KioskArgumentError} if an option is invalid, or a card with this token already exists.
   */
  addCard(card: SimulatedCardOptions): SimulatedCard;

  /**
   * Injects a fault into the next matching request, or into as many as `times` says. Faults are queued: each request consumes the
   * first fault that matches its operation.
   *
   * At the port of `listen()`, `connection-refused` closes the port until a connection has been refused. The port cannot know
   * which operation a connection is for, so it refuses the next one whatever `operation` says. A refused connection counts only if
   * the same process makes it, under Node.js or Deno. For another process, or under Bun, the port stays closed until the fault is
   * removed.
   *
   * @throws {KioskArgumentError} if the injection is invalid.
   */
  injectFault(injection: FaultInjection): InjectedFault;
  /**
   * Asserts, at the end of a test, that requests have consumed every injected fault. One with `times: Infinity` must have applied
   * at least once.
   *
   * @throws {Error} if a fault is pending; the message lists all of them.
   */
  assertNoPendingFaults(): void;

  /** The public key that verifies the webhooks, in SPKI PEM. Each process generates its own on first use. */
  readonly publicKey: string;
  /** Returns options for `new KioskWebhooks(…)`: the public key, and the id of the subscription. */
  webhookOptions(): SimulatorWebhooksOptions;
  /**
   * Every webhook delivered so far, oldest first: those of `deliver`, `redeliver` and test notifications, and for each status
   * change one for the subscription of the options, and one for each subscription to the kiosk event that was created. Of
   * several attempts, only the first is listed.
   */
  readonly deliveries: readonly WebhookDelivery[];
  /** Calls `listener` with every delivery from now on, in order, as soon as it is made. Returns a function that removes it. */
  onDelivery(listener: OnDelivery): () => void;
  /**
   * Posts every delivery from now on to a URL, except those of subscriptions that were created: they go to their own URL. If no
   * 2xx arrives in time, it tries again as Wise does, but sooner: up to 3 attempts in total after 400, 401, 403, 404, 405, 409,
   * 410, 417 and 422, otherwise up to 25. It ignores `Retry-After`. It waits in real time, and sends a later
   * `sent_at` each time, unless the body came from `deliver` or a test has changed it.
   *
   * @throws {KioskArgumentError} if `url` or an option is invalid, or an option is unknown.
   * @see https://docs.wise.com/guides/developer/webhooks
   */
  deliverTo(url: string | URL, options?: DeliveryTargetOptions): DeliveryTarget;
  /** Resolves once every delivery to the URL of a created subscription so far has been accepted or given up. */
  settled(): Promise<void>;
  /**
   * Delivers an event again, as Wise may at any time: with the same delivery id, and a later `sent_at` unless its body came
   * from `deliver`.
   *
   * @param deliveryId the id of the delivery. Default: that of the newest event, even if it was held back or dropped.
   * @throws {KioskArgumentError} if there is no such delivery; the message suggests the most similar id.
   */
  redeliver(deliveryId?: string): void;
  /**
   * Holds back all deliveries until you release them: in order, out of order, twice or never.
   *
   * @throws {Error} if deliveries are already held back.
   */
  holdDeliveries(): HeldDeliveries;
  /**
   * Signs and delivers any body, such as another event or an event of someone else's subscription.
   *
   * @param body a string or bytes of UTF-8 are sent unchanged, anything else as JSON.
   * @throws {KioskArgumentError} if `JSON.stringify` returns `undefined` for `body`, or an option is unknown.
   * @throws {TypeError} if `JSON.stringify` throws it, for example because `body` is circular.
   */
  deliver(body: unknown, options?: DeliverOptions): void;

  /** Every request that has arrived so far, oldest first, with its outcome and without its credentials. */
  readonly requests: readonly ReceivedRequest[];
  /**
   * The simulator's time. The clock follows `Date` until you set it; then it is stopped, and moves only if you set or advance it.
   * Productions, delayed requests and `readLagMs` use this clock. While it follows `Date`, fake timers move them too. `latencyMs`
   * always uses timers, real or fake.
   *
   * @throws {KioskArgumentError} if it is set to something other than a valid `Date` or ISO 8601 with a time zone.
   */
  get now(): Date;
  /** Stops the clock at a time: a valid `Date`, or ISO 8601 with a time zone. */
  set now(time: Date | string);
  /**
   * Advances the simulator's clock and runs everything that becomes due, each at its own time.
   *
   * @param ms how far to advance, in milliseconds: 0 or more.
   * @throws {KioskArgumentError} if `ms` is negative or not a number, or the new time is beyond what a `Date` can represent.
   */
  advanceTime(ms: number): void;
  /**
   * How long each response takes, in milliseconds, measured by a timer: 0 to 2147483647.
   *
   * @throws {KioskArgumentError} if it is set to anything else.
   */
  latencyMs: number;
  /**
   * How far reads lag behind, in milliseconds: 0 to 2147483647. `GET` shows the state of that many milliseconds ago, by the
   * simulator's clock. While the clock is stopped, reads catch up only if you move it.
   *
   * @throws {KioskArgumentError} if it is set to anything else.
   */
  readLagMs: number;
  /**
   * Restores the initial state. Delayed requests that have not arrived never will, and targets give up deliveries in progress.
   * Delivery listeners and targets stay registered.
   */
  reset(): void;
}

/** Options for a simulator's `deliver()`. */
export interface DeliverOptions {
  /** Whether to mark the delivery as a test notification, with the header `X-Test-Notification`. Default: `false`. */
  readonly isTest?: boolean | undefined;
}
