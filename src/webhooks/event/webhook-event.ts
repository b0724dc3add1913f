import type { Production } from "../../production/production.js";

/** The details that every delivered event carries. */
export interface KioskEventDetails {
  /** The subscription that Wise sent the event for; `null` if Wise sent none. Signed. */
  readonly subscriptionId: string | null;
  /** The version of the event's schema, such as `4.0.0`; `null` if Wise sent none. Signed. */
  readonly schemaVersion: string | null;
  /**
   * The time when Wise sent the event, exactly as written; `null` if Wise sent none. It changes when Wise delivers again, so
   * never order by it. Signed.
   */
  readonly sentAt: string | null;
  /**
   * The `X-Delivery-Id` header, for logs and for Wise support; `null` if it is missing. **Not signed**, and Wise's documents
   * disagree on whether it stays the same when Wise delivers again: use `eventKey` to recognise duplicates.
   */
  readonly deliveryId: string | null;
  /**
   * Whether the `X-Test-Notification` header says that this is a test notification, with dummy data.
   *
   * **Not signed**: anyone who holds a signed event can send it again with this header, and `subscriptionIds` and `clientIds` are
   * not applied then. Use it only to skip work: `if (event.isTest) return;`. Store and change nothing for such an event.
   */
  readonly isTest: boolean;
}

/**
 * An event that reports a new state of a card's production.
 *
 * @see https://docs.wise.com/api-reference/webhook-event
 */
export interface KioskProductionEvent extends KioskEventDetails {
  /** Wise's name of the event type. Signed. */
  readonly type: "cards#card-production-status-change";
  /** The profile of the customer who owns the card; `0` in test notifications. Signed. */
  readonly profileId: number;
  /** The token of the card; Wise's documentation allows `null`. Signed. */
  readonly cardToken: string | null;
  /** The client that the card belongs to: you. `null` if Wise sent none. Signed. */
  readonly clientId: string | null;
  /** The state, of the same type as in API responses. Signed. */
  readonly production: Production;
}

/** An event of another type. A subscription has one type of event, so your URL has another subscription as well. */
export interface KioskOtherEvent extends KioskEventDetails {
  /** Marks an event of any type that this package does not decode. */
  readonly type: "other";
  /** Wise's name of the event type, such as `cards#card-status-change`. Signed. */
  readonly eventType: string;
  /** The `data` that Wise sent, parsed from JSON and otherwise unchanged. Signed. */
  readonly data: unknown;
}

/** A verified Wise event, discriminated on `type`. */
export type KioskWebhookEvent = KioskProductionEvent | KioskOtherEvent;
