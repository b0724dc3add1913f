import { describeValue, mustBe } from "../arguments/found-value.js";
import { requireFunction } from "../arguments/parse-function.js";
import { type OptionNames, parseOptions } from "../arguments/parse-options.js";
import { toBytes } from "../text/bytes.js";
import { LONGEST_TIMER_MS, MAX_RECONCILE_WINDOW_MS } from "../time/longest-times.js";
import { LATEST_TIME_MS } from "../time/nearest-date.js";
import { createSimulatorDispatcher } from "./adapters/dispatcher-adapter.js";
import { createSimulatorFetch } from "./adapters/fetch-adapter.js";
import { openLoopbackServer } from "./adapters/loopback-server.js";
import type { FaultQueue } from "./faults/fault-queue.js";
import type { DeliverOptions, KioskSimulator } from "./kiosk-simulator.js";
import { cardHandle } from "./simulator/card-handle.js";
import { SimulatorCore } from "./simulator/simulator-core.js";
import type { KioskSimulatorOptions } from "./simulator/simulator-options.js";
import { parseNow } from "./simulator/to-time.js";
import {
  type DeliveryAttempt,
  DeliverySender,
  type DeliveryTarget,
  type DeliveryTargetOptions,
} from "./webhooks/delivery-target.js";
import { keyPair } from "./webhooks/key-pair.js";
import { CONFIGURED_SUBSCRIPTION, type WebhookOutbox } from "./webhooks/webhook-outbox.js";

/** A host that does not exist, so that a request that bypasses the simulator fails. */
const SIMULATOR_URL = "https://kiosk-simulator.invalid";

/** The same for subscriptions. It is on this machine, so that their receivers may be, too. */
const LOOPBACK_URL = "https://kiosk-simulator.localhost";

const DELIVER_OPTION_NAMES: OptionNames<DeliverOptions> = { isTest: true };

/** Added to the read lag in a client's reconcile window, for timers that fire early and a response in transit. */
const RECONCILE_MARGIN_MS = 100;

/**
 * Creates a simulator of Wise's card kiosk collection, which runs in memory.
 *
 * @example
 * ```ts
 * import { WiseKioskClient } from "wise-card-kiosk";
 * import { createKioskSimulator } from "wise-card-kiosk/testing";
 *
 * const simulator = createKioskSimulator({ cards: [card] });
 * const kiosk = new WiseKioskClient(simulator.clientOptions());
 * await kiosk.produceCard({ ...card, kioskId: "WIS00001" });
 * simulator.card(card.cardToken).complete();
 * console.log((await kiosk.getProductionStatus(card)).status);
 * // → PRODUCED
 * ```
 *
 * @throws {KioskArgumentError} if an option is unknown or invalid, or two cards have the same token. The message names the first
 * problem.
 */
export function createKioskSimulator(options: KioskSimulatorOptions = {}): KioskSimulator {
  const core = new SimulatorCore(options);
  const fetch = createSimulatorFetch(core);
  return {
    fetch,
    dispatcher: createSimulatorDispatcher(core),
    listen: async (options = {}) => openLoopbackServer(core, options),
    clientOptions: () => ({
      baseUrl: SIMULATOR_URL,
      token: core.token,
      fetch,
      reconcileWindowMs: reconcileWindowMsFor(core.readLagMs),
    }),
    subscriptionOptions: () => ({
      baseUrl: LOOPBACK_URL,
      clientKey: core.application.clientKey,
      token: core.application.issueToken(core.now),
      fetch,
      reconcileWindowMs: 0,
      agreementMs: 0,
    }),
    card: (cardToken) => cardHandle(core, cardToken),
    addCard: (card) => cardHandle(core, core.addCard(card).cardToken),
    get publicKey() {
      return keyPair().publicKey;
    },
    webhookOptions: () => ({ publicKeys: [keyPair().publicKey], subscriptionIds: [core.subscriptionId] }),
    get deliveries() {
      core.clock.catchUp();
      return core.outbox.deliveries;
    },
    onDelivery: (listener) => core.outbox.listen({ onDelivery: requireFunction("listener", listener) }),
    deliverTo: (url, options = {}) => deliverTo(core.outbox, url, options),
    settled: () => core.application.settled(),
    redeliver: (deliveryId) => core.outbox.redeliver(deliveryId),
    holdDeliveries: () => core.outbox.hold(),
    deliver(body, options = {}) {
      const { isTest = false } = parseOptions("options", options, DELIVER_OPTION_NAMES);
      if (typeof isTest !== "boolean") throw mustBe("isTest", "true or false", describeValue(isTest));
      const text = toPayloadText(body);
      core.outbox.notify(() => text, { isTest });
    },
    injectFault: (injection) => core.faults.inject(injection),
    assertNoPendingFaults: () => assertNonePending(core.faults),
    get requests() {
      core.clock.catchUp();
      return copyData(core.requests);
    },
    get now(): Date {
      return core.now;
    },
    set now(time: Date | string) {
      core.clock.set(parseNow(time));
    },
    advanceTime: (ms) => core.clock.advance(parseMilliseconds("ms", ms, LATEST_TIME_MS - core.now.getTime())),
    get latencyMs() {
      return core.latencyMs;
    },
    set latencyMs(ms) {
      core.latencyMs = parseMilliseconds("latencyMs", ms, LONGEST_TIMER_MS);
    },
    get readLagMs() {
      return core.readLagMs;
    },
    set readLagMs(ms) {
      core.readLagMs = parseMilliseconds("readLagMs", ms, LONGEST_TIMER_MS);
    },
    reset: () => core.reset(),
  };
}

/** Returns a copy of plain data, so that whoever changes it changes it for no one else. */
function copyData<Data>(data: Data): Data {
  if (typeof data !== "object" || data === null) return data;
  if (Array.isArray(data)) return data.map(copyData) as Data;
  return Object.fromEntries(Object.entries(data).map(([name, value]) => [name, copyData(value)])) as Data;
}

/** Returns the shortest window in which a client's reads show what has happened, up to the longest that a client accepts. */
function reconcileWindowMsFor(readLagMs: number): number {
  return readLagMs === 0 ? 0 : Math.min(readLagMs + RECONCILE_MARGIN_MS, MAX_RECONCILE_WINDOW_MS);
}

function deliverTo(outbox: WebhookOutbox, url: string | URL, options: DeliveryTargetOptions): DeliveryTarget {
  const attempts: DeliveryAttempt[] = [];
  const sender = new DeliverySender(url, options, outbox, (attempt) => attempts.push(attempt));
  const stopListening = outbox.listen({
    subscriptionId: CONFIGURED_SUBSCRIPTION,
    onDelivery: (delivery) => sender.send(delivery),
    onClear: () => sender.giveUp(),
  });
  return {
    get attempts() {
      return [...attempts];
    },
    settled: () => sender.settled(),
    stop() {
      sender.giveUp();
      stopListening();
    },
  };
}

function assertNonePending(faults: FaultQueue): void {
  const pending = faults.pending();
  if (pending.length > 0) throw new Error(`These injected faults are still pending: ${pending.join(", ")}`);
}

function parseMilliseconds(argument: string, value: number, max: number): number {
  if (Number.isFinite(value) && value >= 0 && value <= max) return value;
  throw mustBe(argument, `a finite number of milliseconds from 0 to ${max}`, describeValue(value));
}

/** Returns the text to deliver for a body. */
function toPayloadText(body: unknown): string {
  if (typeof body === "string") return body;
  const bytes = toBytes(body);
  if (bytes !== undefined) return Buffer.from(bytes).toString();
  const text: string | undefined = JSON.stringify(body);
  if (text !== undefined) return text;
  throw mustBe("body", "a string, bytes, or a JSON-serializable value", describeValue(body));
}
