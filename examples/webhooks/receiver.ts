import { WiseKioskClient } from "wise-card-kiosk";
import {
  type AppliedProductionEvent,
  type AppliedProductionRead,
  applyProductionEvent,
  applyProductionRead,
  eventKey,
  type KioskProductionEvent,
  type KioskWebhookHandlerOptions,
  KioskWebhooks,
  type ProductionState,
} from "wise-card-kiosk/webhooks";
import { publish } from "./events.js";

const {
  WISE_SUBSCRIPTION_ID = "72195556-e5cb-495e-a010-b37a4f2a3043",
  WEBHOOK_PUBLIC_KEY,
  WISE_BASE_URL,
  WISE_API_TOKEN = "",
} = process.env;

/** The receiver of the other examples in this folder. In tests, `WEBHOOK_PUBLIC_KEY` is the key of a simulator. */
export const webhooks = new KioskWebhooks({
  ...(WEBHOOK_PUBLIC_KEY === undefined ? { environment: "sandbox" } : { publicKeys: [WEBHOOK_PUBLIC_KEY] }),
  subscriptionIds: [WISE_SUBSCRIPTION_ID],
  onError: console.error,
});

/** Reads the status after an `unordered` event. In production, use the customer's token: see `../backend/wise.ts`. */
const wise = new WiseKioskClient({ environment: "sandbox", baseUrl: WISE_BASE_URL, token: () => WISE_API_TOKEN });

/** The state of each card, and the keys of the handled events. In production these are two tables. */
export const states = new Map<string, ProductionState>();
export const done = new Set<string>();

/**
 * Handles an event. The order matters: it stores the key of the event together with the resulting state, and not before. If
 * anything throws before that, the response is 500, and Wise delivers the event again.
 */
async function remember(event: KioskProductionEvent): Promise<void> {
  // This comes from an unsigned header, so use it only to skip work.
  if (event.isTest) return;
  const { cardToken } = event;
  if (cardToken === null) return console.error("An event names no card: ask Wise which one it is", event);
  const key = eventKey(event);
  if (done.has(key)) return;

  let applied: AppliedProductionEvent | AppliedProductionRead = applyProductionEvent(states.get(cardToken), event);
  let isShown = true;
  if (applied.outcome === "unordered") {
    // Read without holding a lock. Wise waits five seconds for the response, so the read must end sooner.
    const card = { profileId: event.profileId, cardToken };
    const production = await wise.getProductionStatus(card, { deadlineMs: 4000 });
    applied = applyProductionRead(states.get(cardToken), card, production);
    // A read may lag behind the event. Nothing follows `PRODUCED`.
    isShown = [event.production.status, "PRODUCED"].includes(production.status);
  }

  // In production this is one transaction, which locks the card, loads its state and applies the event to that. It stores the
  // state whatever the outcome, because a duplicate may bring other words. Act on it only if the outcome is `applied`.
  states.set(cardToken, applied.state);
  // In production, commit before you throw. The key is not stored, so the next delivery reads again.
  if (!isShown) throw new Error("The status does not show the event, so Wise must deliver it again");
  done.add(key);
  publish(event);
}

/** The callbacks of the other examples in this folder. */
export const callbacks: KioskWebhookHandlerOptions = { onProduction: remember };
