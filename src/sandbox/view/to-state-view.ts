import { findRoute } from "../../testing/api/find-route.js";
import type { ReceivedRequest } from "../../testing/api/received-request.js";
import type { Fault } from "../../testing/faults/fault.js";
import { keyPair } from "../../testing/webhooks/key-pair.js";
import type { ListedFault } from "../state/injected-faults.js";
import type { Sandbox } from "../state/sandbox.js";
import { toCardView } from "./to-card-view.js";
import { toDeliveryView, toEventView } from "./to-event-view.js";
import type { ClockView, DeliveriesView, FaultView, RequestView, SettingsView, StateView } from "./view-schemas.js";

/** How much of the journal and of the deliveries the whole state contains. */
const SHOWN_AT_MOST = 50;

/** Returns the whole state, with the newest requests and deliveries. */
export function toStateView(sandbox: Sandbox): StateView {
  const { core } = sandbox;
  core.clock.catchUp();
  const deliveries = toDeliveriesView(sandbox);
  return {
    clock: toClockView(sandbox),
    token: sandbox.shownToken,
    subscriptionId: core.subscriptionId,
    publicKey: keyPair().publicKey,
    kiosks: [...core.kiosks],
    settings: toSettingsView(sandbox),
    cards: [...core.cards.values()].map((card) => toCardView(card, core)),
    faults: sandbox.faults.list().map(toFaultView),
    deliveries: { ...deliveries, sent: deliveries.sent.slice(-SHOWN_AT_MOST) },
    requests: sandbox.requests.slice(-SHOWN_AT_MOST).map(toRequestView),
  };
}

/** Returns the clock as the control API shows it. */
export function toClockView({ core: { clock } }: Sandbox): ClockView {
  return { now: clock.now.toISOString(), stopped: clock.isStopped };
}

/** Returns the settings as the control API shows them. */
export function toSettingsView({ core, auto, deliveries }: Sandbox): SettingsView {
  return { readLagMs: core.readLagMs, latencyMs: core.latencyMs, auto, webhookUrl: deliveries.url };
}

/** Returns the deliveries as the control API shows them. */
export function toDeliveriesView({ deliveries }: Sandbox): DeliveriesView {
  return {
    holding: deliveries.held !== undefined,
    held: (deliveries.held ?? []).map(toEventView),
    sent: deliveries.sent.map(toDeliveryView),
  };
}

/** Returns a fault as the control API shows it. JSON has no `Infinity`. */
export function toFaultView({ id, injection, remaining }: ListedFault): FaultView {
  return {
    id,
    fault: plainFault(injection.fault),
    operation: injection.operation ?? null,
    remaining: remaining === Number.POSITIVE_INFINITY ? "always" : remaining,
    takesEffect: injection.takesEffect ?? null,
  };
}

/** Returns a request as the control API shows it. */
export function toRequestView(request: ReceivedRequest): RequestView {
  const { operation = null, body = null, response, fault } = request;
  const route = findRoute(request.path);
  return {
    at: request.at,
    operation,
    method: request.method,
    path: request.path,
    cardToken: route?.kind === "card" ? route.cardToken : null,
    headers: { ...request.headers },
    body,
    response: response === undefined ? null : { ...response, headers: { ...response.headers } },
    fault: fault === undefined ? null : plainFault(fault),
    tookEffect: request.tookEffect,
  };
}

function plainFault(fault: Fault): FaultView["fault"] {
  return typeof fault === "string" ? fault : { ...fault };
}
