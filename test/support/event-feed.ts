import type { KioskWebhookEvent } from "wise-card-kiosk";
import type { KioskSimulator } from "wise-card-kiosk/testing";
import { KioskWebhooks } from "wise-card-kiosk/webhooks";

/** Events as whoever receives the webhooks hands them on. It has nothing to give until something is pushed, and never ends. */
export class EventFeed implements AsyncIterableIterator<KioskWebhookEvent> {
  readonly #events: KioskWebhookEvent[] = [];
  #wake = () => {};
  /** How many events were asked for. */
  asked = 0;
  /** How often it was closed. */
  closed = 0;

  push(...events: readonly KioskWebhookEvent[]): void {
    this.#events.push(...events);
    this.#wake();
  }

  async next(): Promise<IteratorResult<KioskWebhookEvent>> {
    this.asked += 1;
    for (;;) {
      const value = this.#events.shift();
      if (value !== undefined) return { done: false, value };
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  async return(): Promise<IteratorResult<KioskWebhookEvent>> {
    this.closed += 1;
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}

/** The feed of a receiver that verifies and reads the very deliveries of a simulator. */
export function feedOf(simulator: KioskSimulator): EventFeed {
  const feed = new EventFeed();
  const webhooks = new KioskWebhooks(simulator.webhookOptions());
  let last = Promise.resolve();
  simulator.onDelivery(({ body, headers }) => {
    const opened = webhooks.unwrap(body, headers);
    last = last.then(async () => feed.push(await opened));
  });
  return feed;
}
