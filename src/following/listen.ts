import type { Production } from "../production/production.js";
import type { KioskWebhookEvent } from "../webhooks/webhook-event.js";

/** Whose events are meant. */
export interface EventOwner {
  readonly profileId: string;
  readonly cardToken: string;
}

/**
 * Takes events as they come, and hands on those of one card. A feed that fails or ends is no reason to stop: it only makes
 * following faster.
 *
 * @returns what ends it. The iterator is told, but not waited for: it may have nothing to give for ever.
 */
export function listen(
  events: AsyncIterable<KioskWebhookEvent> | undefined,
  card: EventOwner,
  heard: (production: Production) => void,
): () => void {
  if (events === undefined) return () => {};
  const iterator = events[Symbol.asyncIterator]();
  let isOver = false;
  const hear = async () => {
    while (!isOver) {
      const { done, value: event } = await iterator.next();
      if (done === true) return;
      if (!isOver && isOf(card, event)) heard(event.production);
    }
  };
  hear().catch(() => {});
  return () => {
    isOver = true;
    Promise.resolve(iterator.return?.()).catch(() => {});
  };
}

function isOf(
  card: EventOwner,
  event: KioskWebhookEvent,
): event is Extract<KioskWebhookEvent, { production: Production }> {
  return (
    event.type === "cards#card-production-status-change" &&
    !event.isTest &&
    event.cardToken === card.cardToken &&
    String(event.profileId) === card.profileId
  );
}
