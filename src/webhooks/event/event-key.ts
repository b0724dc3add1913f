import { statusText } from "../../production/same-production.js";
import { parseEventArgument } from "./production-arguments.js";
import { isOrderable } from "./production-state.js";
import type { KioskProductionEvent } from "./webhook-event.js";

/**
 * Returns a key that identifies an event across deliveries: a string for a unique constraint in your database.
 *
 * The key contains signed content only: type, profile, card, status, kiosk, `occurredAt` and error code. It leaves out
 * `deliveryId`, which is not signed and may differ when Wise delivers again; `sentAt`, which changes then; `subscriptionId`;
 * `schemaVersion`; and `description`, which is prose. Subscriptions of different schema versions may give one event different
 * times and so different keys: `applyProductionEvent` then applies it only once. If `occurredAt` is missing or cannot be ordered,
 * against Wise's documentation, the key contains `sentAt` too: handling an event twice is better than losing one. If `sentAt` is
 * missing as well, equal events of two prints have one key: do not use it to skip such an event.
 *
 * Store the key together with the state that results from the event, in one transaction. If the outcome is `unordered`, that is
 * the state after a read that shows the status of the event, or `PRODUCED`. If you store the key earlier and the read fails or
 * lags, Wise's next delivery counts as a duplicate and the event is lost.
 *
 * @example
 * ```ts
 * import { eventKey } from "wise-card-kiosk/webhooks";
 *
 * console.log(eventKey(event) === eventKey({ ...event, deliveryId: "another delivery" }));
 * // → true
 * ```
 *
 * @throws {KioskArgumentError} if `event` is not a production event: for example its JSON text, or an event of another type.
 */
export function eventKey(event: KioskProductionEvent): string {
  const { type, profileId, cardToken, production, sentAt } = parseEventArgument(event);
  const { kioskId, occurredAt, errorCode } = production;
  const time = isOrderable(production) ? occurredAt : [occurredAt, sentAt];
  return JSON.stringify([type, profileId, cardToken, statusText(production), kioskId, time, errorCode]);
}
