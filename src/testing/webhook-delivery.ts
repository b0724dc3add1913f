/** A webhook as Wise sends it. */
export interface WebhookDelivery {
  /** What `X-Delivery-Id` holds. It stays the same when the event is delivered again. */
  readonly deliveryId: string;
  /** The very text that is signed. */
  readonly body: string;
  /** `X-Signature-SHA256`, `X-Delivery-Id`, `Content-Type`, and `X-Test-Notification` where it is one. */
  readonly headers: Record<string, string>;
}

/** What is told of each delivery. What it throws, it throws at the runner of the test, not at the simulator. */
export type OnDelivery = (delivery: WebhookDelivery) => void;

/** Deliveries that are held back. */
export interface HeldDeliveries {
  /**
   * Delivers what was held back, and holds back no more.
   *
   * @param arrange what to deliver in which order, of what was held back. Default: everything in order.
   * @example held.release((deliveries) => deliveries.toReversed());
   * @example held.release(([first]) => [first, first]);
   */
  release(arrange?: (held: readonly WebhookDelivery[]) => readonly WebhookDelivery[]): void;
}
