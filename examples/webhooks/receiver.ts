import { WiseKioskClient } from "wise-card-kiosk";
import {
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

/** The receiver that all the examples beside this file use. In tests, `WEBHOOK_PUBLIC_KEY` is the key of a simulator. */
export const webhooks = new KioskWebhooks({
  ...(WEBHOOK_PUBLIC_KEY === undefined ? { environment: "sandbox" } : { publicKeys: [WEBHOOK_PUBLIC_KEY] }),
  subscriptionIds: [WISE_SUBSCRIPTION_ID],
  onError: console.error,
});

/** Reads the status if an event does not say enough. In a bank the token is that of the customer: see `../backend/wise.ts`. */
const wise = new WiseKioskClient({ environment: "sandbox", baseUrl: WISE_BASE_URL, token: () => WISE_API_TOKEN });

/** What is known of each card, and the events that are done. In a bank these are two tables. */
export const states = new Map<string, ProductionState>();
export const done = new Set<string>();

/**
 * The order matters: the key of an event is stored together with the state to which it led, and not before. What throws until
 * then leaves nothing behind, the response is 500, and Wise delivers the event again.
 */
async function remember(event: KioskProductionEvent): Promise<void> {
  // The header that says so is not signed, so it must lead to nothing but less work.
  if (event.isTest) return;
  const { cardToken } = event;
  if (cardToken === null) return console.error("An event names no card: ask Wise which one it is", event);
  const key = eventKey(event);
  if (done.has(key)) return;

  const applied = applyProductionEvent(states.get(cardToken), event);
  const { outcome, state } = applied.outcome === "unordered" ? await read({ ...event, cardToken }) : applied;

  // In a bank this is one transaction, which locks the card and applies to the state that it then finds.
  done.add(key);
  if (outcome === "applied") states.set(cardToken, state);
  publish(event);
}

/** No lock is held meanwhile. Wise waits five seconds for the response. */
async function read(card: { profileId: number; cardToken: string }): Promise<AppliedProductionRead> {
  const production = await wise.getProductionStatus(card, { deadlineMs: 4000 });
  return applyProductionRead(states.get(card.cardToken), card, production);
}

/** The callbacks that all the examples use. */
export const callbacks: KioskWebhookHandlerOptions = { onProduction: remember };
