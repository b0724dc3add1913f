/** A webhook as Wise sends it. */
export interface WebhookDelivery {
  /** The value of `X-Delivery-Id`. It stays the same if the event is delivered again. */
  readonly deliveryId: string;
  /** The text of the body, exactly as it is signed. */
  readonly body: string;
  /** `X-Signature-SHA256`, `X-Delivery-Id`, `Content-Type`, and `X-Test-Notification` if it is a test notification. */
  readonly headers: Record<string, string>;
}

/** A listener for deliveries. If it throws, the test runner gets an uncaught error, and the simulator is not affected. */
export type OnDelivery = (delivery: WebhookDelivery) => void;

/** Deliveries that are held back. */
export interface HeldDeliveries {
  /**
   * Delivers what was held back, and stops holding back deliveries.
   *
   * @param arrange receives the held deliveries and returns those to deliver, in order. Default: all of them, in their original
   * order.
   * For example, `held.release((deliveries) => deliveries.toReversed())` delivers the last one first. If it throws, everything
   * stays held back.
   * @throws {KioskArgumentError} if `arrange` returns no array of deliveries, or a promise.
   */
  release(arrange?: (held: readonly WebhookDelivery[]) => readonly WebhookDelivery[]): void;
}
