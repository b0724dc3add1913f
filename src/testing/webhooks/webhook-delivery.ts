/** A webhook as Wise sends it. */
export interface WebhookDelivery {
  /** The value of `X-Delivery-Id`. It stays the same when the event is delivered again. */
  readonly deliveryId: string;
  /** The text of the body exactly as it is signed. */
  readonly body: string;
  /** `X-Signature-SHA256`, `X-Delivery-Id`, `Content-Type`, and `X-Test-Notification` if it is a test notification. */
  readonly headers: Record<string, string>;
}

/** A listener to deliveries. What it throws reaches the test runner as an uncaught error, and does not disturb the simulator. */
export type OnDelivery = (delivery: WebhookDelivery) => void;

/** Deliveries that are held back. */
export interface HeldDeliveries {
  /**
   * Delivers what was held back, and holds back nothing more.
   *
   * @param arrange returns what to deliver, in order, from what was held back. Default: everything, as it came.
   * @example held.release((deliveries) => deliveries.toReversed());
   * @example held.release(([first]) => [first, first]);
   */
  release(arrange?: (held: readonly WebhookDelivery[]) => readonly WebhookDelivery[]): void;
}
