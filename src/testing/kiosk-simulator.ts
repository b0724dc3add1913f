import type { DeliveryTarget, DeliveryTargetOptions } from "./delivery-target.js";
import type { FaultInjection, InjectedFault } from "./fault.js";
import type { SimulatorFetch } from "./fetch-door.js";
import type { ListenOptions } from "./listen-options.js";
import type { LoopbackServer } from "./loopback-server.js";
import type { ReceivedRequest } from "./received-request.js";
import type { SimulatedCard } from "./simulated-card.js";
import type { SimulatedCardOptions } from "./simulator-options.js";
import type { HeldDeliveries, OnDelivery, WebhookDelivery } from "./webhook-delivery.js";

/** What a `WiseKioskClient` needs to talk to a simulator. */
export interface SimulatorClientOptions {
  readonly baseUrl: string;
  readonly token: string;
  readonly fetch: SimulatorFetch;
  /**
   * How long the client trusts no read that shows nothing new, in milliseconds: 0 if reads do not lag, so that tests stay
   * quick; else `readLagMs` and a margin, at most 600000.
   */
  readonly reconcileWindowMs: number;
}

/** What `KioskWebhooks` needs to believe a simulator. */
export interface SimulatorWebhooksOptions {
  readonly publicKeys: readonly string[];
  readonly subscriptionIds: readonly string[];
}

/**
 * Wise's card kiosk collection in memory: cards, kiosks and the documented answers, for tests.
 *
 * It can be reached in several ways, and behaves the same in all of them.
 */
export interface KioskSimulator {
  /** Answers as Wise would, whatever the host. For clients that are given a `fetch`, and as a stand-in for the global one. */
  readonly fetch: SimulatorFetch;
  /**
   * A dispatcher for undici 6 to 8 and for Node.js: `setGlobalDispatcher(simulator.dispatcher)`, or the client's option. It
   * answers as Wise would, whatever the host; for other requests see `onUnhandledRequest`.
   *
   * Its type is open because undici wants the class of its own version here. It has `dispatch` and nothing else.
   */
  // biome-ignore lint/suspicious/noExplicitAny: no other type can be given to every version of setGlobalDispatcher
  readonly dispatcher: any;
  /**
   * Opens a real HTTP server: on a free port of 127.0.0.1, if the options say nothing else.
   *
   * Rejects with a {@link KioskArgumentError} if an option is not valid, the port is in use, or the host is not of this machine.
   */
  listen(options?: ListenOptions): Promise<LoopbackServer>;
  /**
   * Options for `new WiseKioskClient(…)`: a base URL that leads nowhere, the token, `fetch`, and a `reconcileWindowMs` that
   * matches `readLagMs` at the time of this call.
   */
  clientOptions(): SimulatorClientOptions;

  /**
   * The hand on a card.
   *
   * @throws {KioskArgumentError} where there is no such card; the message names the nearest one.
   */
  card(cardToken: string): SimulatedCard;
  /**
   * Adds a card.
   *
   * @throws {KioskArgumentError} where an option is not valid, or the card is there already.
   */
  addCard(card: SimulatedCardOptions): SimulatedCard;

  /**
   * Lets something go wrong: in the next request, or in those that the injection names. Several injections wait in line, and
   * a request meets the first one that is meant for it.
   *
   * At the port of `listen()` a refused connection is a real one: the port is closed until a connection was refused. Which
   * operation it was for can not be known there, so the next connection is refused whatever `operation` says. Refused
   * connections are counted where the same process makes them, and Node.js or Deno tells of them; another process, or Bun,
   * finds the port closed until the fault is removed.
   *
   * @throws {KioskArgumentError} where the injection is not valid.
   */
  injectFault(injection: FaultInjection): InjectedFault;
  /**
   * Checks that every injected fault was met, at the end of a test.
   *
   * @throws {Error} that names those that were not.
   */
  assertNoPendingFaults(): void;

  /** The key that signs the webhooks, in SPKI PEM: one of this process, made when it is first asked for. */
  readonly publicKey: string;
  /** Options for `new KioskWebhooks(…)`: the public key, and the subscription to which the simulator delivers. */
  webhookOptions(): SimulatorWebhooksOptions;
  /** Every webhook delivered so far, the first one first: one for each change of a card's status, and what else was asked for. */
  readonly deliveries: readonly WebhookDelivery[];
  /** Calls `listener` with every delivery from now on, as soon as it is made, until the function that it gives is called. */
  onDelivery(listener: OnDelivery): () => void;
  /**
   * Posts every delivery from now on to a URL. One that is not answered with 2xx in time is tried again as Wise does, but
   * sooner: three times in all on 400, 401, 403, 404, 405, 409, 410, 417 and 422, else 25 times. A `Retry-After` of the
   * receiver is not waited for.
   *
   * @throws {KioskArgumentError} where `url` or an option is not valid.
   * @see https://docs.wise.com/guides/developer/webhooks
   */
  deliverTo(url: string | URL, options?: DeliveryTargetOptions): DeliveryTarget;
  /**
   * Delivers something once more, as Wise may at any time: with the same delivery id, and with a new `sent_at`.
   *
   * @param deliveryId default: that of the last event, even where it was held back or dropped.
   * @throws {KioskArgumentError} where there was no such delivery.
   */
  redeliver(deliveryId?: string): void;
  /** Holds back all deliveries until they are released: in order, out of order, twice or never. */
  holdDeliveries(): HeldDeliveries;
  /**
   * Signs and delivers any body: another event, or that of somebody else's subscription.
   *
   * @param body text is sent as it is, and so are bytes of UTF-8; anything else as JSON.
   * @throws {KioskArgumentError} where `body` is nothing that JSON has, as `undefined`.
   */
  deliver(body: unknown, options?: { readonly isTest?: boolean | undefined }): void;

  /** Every request received so far, the first one first. Tokens are left out. */
  readonly requests: readonly ReceivedRequest[];
  /** The simulator's time. It follows the system's clock; once set, it stands still until it is moved. */
  get now(): Date;
  set now(time: Date | string);
  /**
   * Moves the simulator's clock on, and lets happen what is due by then.
   *
   * @throws {KioskArgumentError} where `ms` is negative, or beyond what a `Date` can hold.
   */
  advanceTime(ms: number): void;
  /** How long each answer takes, in milliseconds. */
  latencyMs: number;
  /**
   * How much a read lags, in milliseconds from 0: `GET` shows the state that many milliseconds ago, by the simulator's clock. If
   * that stands, only moving it ends the lag.
   */
  readLagMs: number;
  /** Puts everything back to how it was when the simulator was made. Who listens to deliveries, listens on. */
  reset(): void;
}
