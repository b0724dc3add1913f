import { decodeProduction } from "../decoding/decode-production.js";
import type { Production } from "../production/production.js";
import type { KioskWebhookEvent } from "../webhooks/event/webhook-event.js";

/** Whose events are meant. */
export interface CardKey {
  readonly profileId: string;
  readonly cardToken: string;
}

/**
 * Takes events as they come, and hands on the productions of one card. A feed that fails or ends is no reason to stop: it only
 * makes following faster.
 *
 * @returns what ends it. The iterator is told, but not waited for: it may have nothing to give for ever.
 */
export function subscribeToEvents(
  events: AsyncIterable<KioskWebhookEvent> | undefined,
  card: CardKey,
  onProduction: (production: Production) => void,
): () => void {
  let iterator: AsyncIterator<KioskWebhookEvent> | undefined;
  let isOver = false;
  const readEvents = async () => {
    iterator = events?.[Symbol.asyncIterator]();
    while (iterator !== undefined && !isOver) {
      const { done, value: event } = await iterator.next();
      if (done === true) return;
      // A feed that always has an event must not keep timers and signals from their turn.
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

/** Some test environments have no `setImmediate`. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => (typeof setImmediate === "function" ? setImmediate(resolve) : setTimeout(resolve)));
}

/** What an event tells of the card; `undefined` where it is about something else, or not as it has to be. */
function findProduction(card: CardKey, event: KioskWebhookEvent | null | undefined): Production | undefined {
  if (event?.type !== "cards#card-production-status-change" || event.isTest) return undefined;
  if (event.cardToken !== card.cardToken || String(event.profileId) !== card.profileId) return undefined;
  const decoded = decodeProduction(event.production);
  return decoded.ok ? decoded.value : undefined;
}
