import { statusText } from "../../production/same-production.js";
import { parseEventArgument } from "./production-arguments.js";
import type { KioskProductionEvent } from "./webhook-event.js";

/**
 * Returns a key by which to recognise an event that was delivered before, as text for a unique constraint in your database.
 *
 * It is made of signed content only, of what the event says about its card: type, profile, card, status, kiosk, `occurredAt` and
 * error code. Left out are `deliveryId`, which is not signed and may differ when Wise delivers again; `sentAt`, which moves then;
 * `subscriptionId` and `schemaVersion`, so that two subscriptions for the same events make no difference; and `description`,
 * which is prose. If `occurredAt` is missing, against the documentation, `sentAt` takes its place: better an event handled twice
 * than one lost.
 *
 * Store it together with the state to which the event led, in one transaction. If the outcome is `unordered`, that is the state
 * after the read: a key that is stored before it makes Wise's next delivery a duplicate, and the event is lost if the read fails.
 *
 * @throws {KioskArgumentError} if `event` is not a production event, such as its JSON text.
 */
export function eventKey(event: KioskProductionEvent): string {
  const { type, profileId, cardToken, production, sentAt } = parseEventArgument(event);
  const { kioskId, occurredAt, errorCode } = production;
  return JSON.stringify([type, profileId, cardToken, statusText(production), kioskId, occurredAt ?? sentAt, errorCode]);
}
