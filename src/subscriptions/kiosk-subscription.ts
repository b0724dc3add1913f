/**
 * A webhook subscription of your application: plain, JSON-safe data. What Wise does not send is `null`.
 *
 * @see https://docs.wise.com/api-reference/webhook
 */
export interface KioskSubscription {
  /** The id of the subscription. Pass it to `KioskWebhooks` in `subscriptionIds`. */
  readonly id: string;
  /** The name, for people. */
  readonly name: string | null;
  /** The event that triggers deliveries, such as `cards#card-production-status-change`. */
  readonly triggerOn: string | null;
  /** Where and how events are delivered. */
  readonly delivery: {
    /** The schema version of the events, such as `4.0.0`. */
    readonly version: string | null;
    /** The URL of the receiver. */
    readonly url: string | null;
    /**
     * Whether Wise presents a client certificate to the receiver. A guide of Wise describes it, but Wise's OpenAPI description does
     * not contain it.
     */
    readonly mtlsEnabled: boolean | null;
  };
  /** What the subscription belongs to. */
  readonly scope: {
    /** The kind of owner: `application`. */
    readonly domain: string | null;
    /** Your client key. */
    readonly id: string | null;
  } | null;
  /** Who created the subscription. */
  readonly createdBy: {
    /** The kind of creator: `application`. */
    readonly type: string | null;
    /** Your client id. */
    readonly id: string | null;
  } | null;
  /** When the subscription was created, as Wise sent it. Wise's examples of a list do not contain it. */
  readonly createdAt: string | null;
}

/** A test notification that Wise has queued. */
export interface QueuedTestNotification {
  /** The `X-Delivery-Id` of the delivery: `event.deliveryId` in your webhook. */
  readonly deliveryId: string;
  /** When it was queued, as Wise sent it; `null` if Wise sent no time. */
  readonly createdAt: string | null;
}
