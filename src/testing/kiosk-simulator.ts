import type { SimulatorFetch } from "./adapters/fetch-adapter.js";
import type { ListenOptions } from "./adapters/listen-options.js";
import type { LoopbackServer } from "./adapters/loopback-server.js";
import type { ReceivedRequest } from "./api/received-request.js";
import type { SimulatedCard } from "./api/simulated-card.js";
import type { FaultInjection, InjectedFault } from "./faults/fault.js";
import type { SimulatedCardOptions } from "./simulator/simulator-options.js";
import type { DeliveryTarget, DeliveryTargetOptions } from "./webhooks/delivery-target.js";
import type { HeldDeliveries, OnDelivery, WebhookDelivery } from "./webhooks/webhook-delivery.js";

/** What a `WiseKioskClient` needs to talk to a simulator. */
export interface SimulatorClientOptions {
  /** A URL that leads nowhere: a request that gets past the simulator finds no host. */
  readonly baseUrl: string;
  /** The access token that the simulator accepts for every profile, if `acceptsToken` does not decide otherwise. */
  readonly token: string;
  /** The simulator's `fetch`. */
  readonly fetch: SimulatorFetch;
  /**
   * How long the client concludes nothing from a read that shows nothing new, in milliseconds: 0 if reads do not lag, so that
   * tests stay quick; else `readLagMs` and a margin, at most 600000.
   */
  readonly reconcileWindowMs: number;
}

/** What `KioskWebhooks` needs to accept the webhooks of a simulator. */
export interface SimulatorWebhooksOptions {
  /** The key that signs the webhooks, in SPKI PEM. */
  readonly publicKeys: readonly string[];
  /** The subscription that the simulator delivers to. */
  readonly subscriptionIds: readonly string[];
}

/**
 * Wise's card kiosk collection in memory: cards, kiosks and the documented responses, for tests.
 *
 * It can be reached in several ways, and behaves the same in all of them. Whatever takes time in it goes by its own clock, see
 * `now`.
 */
export interface KioskSimulator {
  /** A `fetch` that responds as Wise would, whatever the host. For clients that are given one, or in place of the global one. */
  readonly fetch: SimulatorFetch;
  /**
   * A dispatcher for undici 6 to 8 and for Node.js: `setGlobalDispatcher(simulator.dispatcher)`, or the client's option. It
   * responds as Wise would, whatever the host; for requests to other paths see `onUnhandledRequest`.
   *
   * Its type is open because undici wants the class of its own version here. It has `dispatch` and nothing else.
   */
  // biome-ignore lint/suspicious/noExplicitAny: no other type can be given to every version of setGlobalDispatcher
  readonly dispatcher: any;
  /**
   * Opens a real HTTP server, by default on a free port of 127.0.0.1.
   *
   * Rejects with a `KioskArgumentError` if an option is not valid, the port is in use, or the host is not of this machine.
   */
  listen(options?: ListenOptions): Promise<LoopbackServer>;
  /**
   * Returns options for `new WiseKioskClient(…)`: a base URL that leads nowhere, the token, `fetch`, and a `reconcileWindowMs`
   * that matches `readLagMs` as it is now.
   */
  clientOptions(): SimulatorClientOptions;

  /**
   * Returns the controls of a card.
   *
   * @throws {KioskArgumentError} if there is no such card; the message names the nearest one.
   */
  card(cardToken: string): SimulatedCard;
  /**
   * Adds a card, and returns its controls.
   *
   * @throws {KioskArgumentError} if an option is not valid, or there is a card with this token already.
   */
  addCard(card: SimulatedCardOptions): SimulatedCard;

  /**
   * Lets something go wrong in the next request, or in those that the injection names. Several injections wait in line, and a
   * request meets the first one that is meant for it.
   *
   * At the port of `listen()` a refused connection is a real one: the port is closed until a connection was refused. The port
   * cannot know which operation a connection is for, so the next one is refused whatever `operation` says. Refused connections
   * are counted if the same process makes them and runs on Node.js or Deno. Another process, or Bun, finds the port closed until
   * the fault is removed.
   *
   * @throws {KioskArgumentError} if the injection is not valid.
   */
  injectFault(injection: FaultInjection): InjectedFault;
  /**
   * Checks, at the end of a test, that every injected fault was met.
   *
   * @throws {Error} if some were not; the message names them.
   */
  assertNoPendingFaults(): void;

  /** The key that signs the webhooks, in SPKI PEM. It belongs to this process, and is made when it is first needed. */
  readonly publicKey: string;
  /** Returns options for `new KioskWebhooks(…)`: the public key, and the subscription that the simulator delivers to. */
  webhookOptions(): SimulatorWebhooksOptions;
  /** Every webhook delivered so far, the first one first: one for each change of a card's status, and what `deliver` added. */
  readonly deliveries: readonly WebhookDelivery[];
  /** Calls `listener` with every delivery from now on, as soon as it is made. Returns a function that ends this. */
  onDelivery(listener: OnDelivery): () => void;
  /**
   * Posts every delivery from now on to a URL. One that is not answered with 2xx in time is tried again as at Wise, but sooner:
   * three times in all after 400, 401, 403, 404, 405, 409, 410, 417 and 422, else 25 times. A `Retry-After` of the receiver is
   * not waited for.
   *
   * @throws {KioskArgumentError} if `url` or an option is not valid.
   * @see https://docs.wise.com/guides/developer/webhooks
   */
  deliverTo(url: string | URL, options?: DeliveryTargetOptions): DeliveryTarget;
  /**
   * Delivers an event once more, as Wise may at any time: with the same delivery id, and with a new `sent_at`.
   *
   * @param deliveryId default: that of the last event, even if it was held back or dropped.
   * @throws {KioskArgumentError} if there was no such delivery; the message names the nearest one.
   */
  redeliver(deliveryId?: string): void;
  /** Holds back all deliveries until they are released: in order, out of order, twice or never. */
  holdDeliveries(): HeldDeliveries;
  /**
   * Signs and delivers any body: another event, or an event of someone else's subscription.
   *
   * @param body text and bytes of UTF-8 are sent as they are, anything else as JSON.
   * @throws {KioskArgumentError} if JSON has no such value, as `undefined`.
   */
  deliver(body: unknown, options?: DeliverOptions): void;

  /** Every request that has arrived so far, the first one first, with what came of it and without its credentials. */
  readonly requests: readonly ReceivedRequest[];
  /**
   * The simulator's time. Its clock follows `Date` until it is set; then it stands still until it is moved. Productions, late
   * requests and `readLagMs` go by it, so that fake timers move them too; `latencyMs` always takes real or faked timers.
   *
   * @throws {KioskArgumentError} if it is set to something that is not a time.
   */
  get now(): Date;
  set now(time: Date | string);
  /**
   * Moves the simulator's clock on, and lets happen what is due by then, each at its own time.
   *
   * @param ms milliseconds from 0.
   * @throws {KioskArgumentError} if `ms` is negative, or leads beyond what a `Date` can hold.
   */
  advanceTime(ms: number): void;
  /** How long each response takes, in milliseconds from 0, by a timer. */
  latencyMs: number;
  /**
   * How much a read lags, in milliseconds from 0: `GET` shows the state that many milliseconds ago, by the simulator's clock. If
   * that stands, only moving it ends the lag.
   */
  readLagMs: number;
  /**
   * Puts everything back to how it was when the simulator was created. Requests that have not arrived never will. Listeners and
   * targets of deliveries stay.
   */
  reset(): void;
}

/** Options of a simulator's `deliver`. */
export interface DeliverOptions {
  /** Whether the delivery says that it is a test notification, in its header `X-Test-Notification`. Default: `false`. */
  readonly isTest?: boolean | undefined;
}
