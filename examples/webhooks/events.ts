import { EventEmitter, on } from "node:events";
import type { KioskProductionEvent } from "wise-card-kiosk/webhooks";

/** There may be as many listeners as there are cards that are waited for. */
const emitter = new EventEmitter().setMaxListeners(0);

/** Hands an event to all that wait in this process. Call it in `onProduction`, once the event is stored. */
export function publish(event: KioskProductionEvent): void {
  emitter.emit("production", event);
}

/**
 * The events from now on, for `waitForProduction` and `watchProduction`:
 *
 *     await wise.waitForProduction(card, { previous, events: productionEvents() });
 *
 * Each call gets an iterator of its own, and stops listening when the wait is over. An async generator would not do: it cannot be
 * closed while it waits for the next event. If the webhook may reach another instance than the one that waits, publish the event
 * to all of them (with `listen` and `notify` of PostgreSQL, or Redis); without it the wait goes on reading, only slower.
 */
export function productionEvents(): AsyncIterable<KioskProductionEvent> {
  return {
    [Symbol.asyncIterator]() {
      const published = on(emitter, "production");
      return {
        async next() {
          const { done, value } = await published.next();
          return done ? { done, value: undefined } : { done: false, value: value[0] };
        },
        async return() {
          await published.return?.();
          return { done: true, value: undefined };
        },
      };
    },
  };
}

/** How many are waiting. */
export const waiting = (): number => emitter.listenerCount("production");
