import { EventEmitter, on } from "node:events";
import type { KioskProductionEvent } from "wise-card-kiosk/webhooks";

/** Has no limit of listeners, because each wait adds one. */
const emitter = new EventEmitter().setMaxListeners(0);

/** Passes an event to every wait in this process. Call it in `onProduction`, once the event is stored. */
export function publish(event: KioskProductionEvent): void {
  emitter.emit("production", event);
}

/**
 * Returns the events from now on, for `waitForProduction` and `watchProduction`:
 *
 *     await wise.waitForProduction(card, { previous, events: productionEvents() });
 *
 * Each wait gets an iterator of its own, and closes it at the end. This is not an async generator, because one cannot be closed
 * while it waits for the next event. If the webhook may reach a different instance from the one that waits, publish the event to
 * all instances (with `listen` and `notify` of PostgreSQL, or with Redis). Otherwise that wait only reads, and ends later.
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

/** Returns the number of open iterators. */
export const waiting = (): number => emitter.listenerCount("production");
