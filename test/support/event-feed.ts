import type { KioskWebhookEvent } from "wise-card-kiosk";
import type { KioskSimulator } from "wise-card-kiosk/testing";
import { KioskWebhooks } from "wise-card-kiosk/webhooks";

/** Webhook events that a test pushes. `next()` waits until there is one, and the feed never ends. */
export class EventFeed implements AsyncIterableIterator<KioskWebhookEvent> {
  readonly #events: KioskWebhookEvent[] = [];
  #wake = () => {};
  /** How often `next()` was called. */
  asked = 0;
  /** How often `return()` was called. */
  closed = 0;

  /** Adds events to the end of the feed. */
  push(...events: readonly KioskWebhookEvent[]): void {
    this.#events.push(...events);
    this.#wake();
  }

  /** Returns the next event, as soon as there is one. */
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

  /** Counts the call and ends the iteration. */
  async return(): Promise<IteratorResult<KioskWebhookEvent>> {
    this.closed += 1;
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}

/** Returns a feed of the deliveries of a simulator, verified and parsed, in order. */
export function createFeed(simulator: KioskSimulator): EventFeed {
  const feed = new EventFeed();
  const webhooks = new KioskWebhooks(simulator.webhookOptions());
  let last = Promise.resolve();
  simulator.onDelivery(({ body, headers }) => {
    const opened = webhooks.unwrap(body, headers);
    last = last.then(async () => feed.push(await opened));
  });
  return feed;
}
