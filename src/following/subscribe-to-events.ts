import { decodeProduction } from "../decoding/decode-production.js";
import type { Production } from "../production/production.js";
import type { KioskWebhookEvent } from "../webhooks/event/webhook-event.js";

/** The card to receive events for. */
export interface CardKey {
  /** The profile that owns the card, in decimal digits. */
  readonly profileId: string;
  /** The token of the card. */
  readonly cardToken: string;
}

/**
 * Calls `onProduction` with the production of each event for one card. Events only make following faster, so an iterator that
 * fails or ends is ignored.
 *
 * @returns a stop function. It calls the iterator's `return()` without waiting, because the iterator may never yield again.
 */
export function subscribeToEvents(
  events: AsyncIterable<KioskWebhookEvent>,
  card: CardKey,
  onProduction: (production: Production) => void,
): () => void {
  let iterator: AsyncIterator<KioskWebhookEvent> | undefined;
  let isOver = false;
  const readEvents = async () => {
    const opened = events[Symbol.asyncIterator]();
    iterator = opened;
    while (!isOver) {
      const { done, value: event } = await opened.next();
      if (done === true) return;
      // Without this, an iterator that always has another event would starve timers and signals.
      await nextTurn();
      const production = findProduction(card, event);
      if (production !== undefined && !isOver) onProduction(production);
    }
  };
  const leave = async () => {
    isOver = true;
    await iterator?.return?.();
  };
  readEvents().catch(() => {});
  return () => void leave().catch(() => {});
}

/** Resolves in a later turn of the event loop. Some test environments have no `setImmediate`. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => (typeof setImmediate === "function" ? setImmediate(resolve) : setTimeout(resolve)));
}

/** Returns the production in an event; `undefined` for a test notification, another type or card, or a malformed event. */
function findProduction(card: CardKey, event: KioskWebhookEvent | null | undefined): Production | undefined {
  if (event?.type !== "cards#card-production-status-change" || event.isTest) return undefined;
  if (event.cardToken !== card.cardToken || String(event.profileId) !== card.profileId) return undefined;
  const decoded = decodeProduction(event.production);
  return decoded.ok ? decoded.value : undefined;
}
