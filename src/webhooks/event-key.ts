import { statusText } from "../production/same-production.js";
import type { KioskProductionEvent } from "./webhook-event.js";

/**
 * A key by which to recognise an event that was delivered before, as text for a unique constraint in your database.
 *
 * It is made of signed content only, of what the event says of its card: type, profile, card, status, kiosk, `occurredAt` and
 * error code. Left out are `deliveryId`, which is not signed and may differ when Wise delivers again; `sentAt`, which moves then;
 * `subscriptionId` and `schemaVersion`, so that two subscriptions for the same events make no difference; and `description`,
 * which is prose. Where `occurredAt` is missing, against the documentation, `sentAt` takes its place: better an event handled
 * twice than one lost.
 */
export function eventKey({ type, profileId, cardToken, production, sentAt }: KioskProductionEvent): string {
  const { kioskId, occurredAt, errorCode } = production;
  return JSON.stringify([type, profileId, cardToken, statusText(production), kioskId, occurredAt ?? sentAt, errorCode]);
}
