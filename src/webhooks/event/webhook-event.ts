import type { Production } from "../../production/production.js";

/** What every delivered event carries. */
export interface KioskEventDetails {
  /** The subscription for which Wise sent it. Signed. */
  readonly subscriptionId: string | null;
  /** The version of the event's schema, as in `4.0.0`. Signed. */
  readonly schemaVersion: string | null;
  /** When Wise sent it, exactly as written. It moves when Wise delivers again, so never order by it. Signed. */
  readonly sentAt: string | null;
  /**
   * The `X-Delivery-Id` header, for a log or for Wise's support; `null` if it is missing. **Not signed**, and Wise's documents
   * disagree on whether it stays the same when Wise delivers again: use `eventKey` to recognise duplicates.
   */
  readonly deliveryId: string | null;
  /**
   * Whether the `X-Test-Notification` header says that this is a test notification, with dummy data.
   *
   * **Not signed**: anyone who holds a signed event can send it again with this header, and `subscriptionIds` and `clientIds` are
   * not applied to it. Use it only to skip work: `if (event.isTest) return;`. Store nothing and change nothing for such an event.
   */
  readonly isTest: boolean;
}

/**
 * The state of a card's production has changed.
 *
 * @see https://docs.wise.com/api-reference/webhook-event
 */
export interface KioskProductionEvent extends KioskEventDetails {
  readonly type: "cards#card-production-status-change";
  /** The profile of the customer whose card it is; `0` in test notifications. Signed. */
  readonly profileId: number;
  /** The card; Wise's documentation allows `null`. Signed. */
  readonly cardToken: string | null;
  /** The client to which the card belongs: you. Signed. */
  readonly clientId: string | null;
  /** The state, the same type as answers of the API have. Signed. */
  readonly production: Production;
}

/** An event of another type. One subscription has one type of event, so this URL is subscribed to something else as well. */
export interface KioskOtherEvent extends KioskEventDetails {
  readonly type: "other";
  /** Wise's name of the type, as in `cards#card-status-change`. Signed. */
  readonly eventType: string;
  /** What Wise sent as `data`, parsed from JSON and otherwise untouched. Signed. */
  readonly data: unknown;
}

/** A verified Wise event, discriminated on `type`. */
export type KioskWebhookEvent = KioskProductionEvent | KioskOtherEvent;
