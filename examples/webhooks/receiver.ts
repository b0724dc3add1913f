import {
  applyProductionEvent,
  type KioskProductionEvent,
  type KioskWebhookHandlerOptions,
  KioskWebhooks,
  type ProductionState,
} from "wise-card-kiosk/webhooks";

const { WISE_SUBSCRIPTION_ID = "72195556-e5cb-495e-a010-b37a4f2a3043", WEBHOOK_PUBLIC_KEY } = process.env;

/** The receiver that all the examples beside this file use. In tests, `WEBHOOK_PUBLIC_KEY` is the key of a simulator. */
export const webhooks = new KioskWebhooks({
  ...(WEBHOOK_PUBLIC_KEY === undefined ? { environment: "sandbox" } : { publicKeys: [WEBHOOK_PUBLIC_KEY] }),
  subscriptionIds: [WISE_SUBSCRIPTION_ID],
});

/** What is known of each card. In a bank this is a table, and what `remember` does is one transaction on a locked row. */
export const states = new Map<string | null, ProductionState>();

async function remember(event: KioskProductionEvent): Promise<void> {
  if (event.isTest) return;
  const { state, outcome } = applyProductionEvent(states.get(event.cardToken), event);
  if (outcome === "applied") states.set(event.cardToken, state);
  if (outcome === "unordered") console.warn("Read the status of this card: its event can not be ordered");
}

/** The callbacks that all the examples use. */
export const callbacks: KioskWebhookHandlerOptions = { onProduction: remember, onError: console.error };
