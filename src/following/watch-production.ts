import type { Production } from "../production/production.js";
import { isFinal } from "../production/production-flow.js";
import { abortReason, throwIfAborted } from "../time/abort-reason.js";
import { onAbort } from "../time/on-abort.js";
import type { FollowSettings } from "./follow-options.js";
import { followProduction, type WatchedCard } from "./follow-production.js";

/**
 * Returns an iterator over the states of a card up to `PRODUCED`. Leaving it takes effect immediately: unlike the `return` of
 * a plain generator, this one does not wait for a pending read or event.
 */
export function watchProduction(
  card: WatchedCard,
  settings: FollowSettings,
  signal: AbortSignal | undefined,
): AsyncIterableIterator<Production, void, void> {
  const stop = new AbortController();
  const states = followProduction(card, settings, stop.signal);
  const over = { done: true, value: undefined } as const;
  let isLeft = false;
  let stopListening: (() => void) | undefined;
  const leave = () => {
    isLeft = true;
    stopListening?.();
    stop.abort();
    card.deadline?.end();
    states.return().catch(() => {});
  };
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      if (isLeft) return over;
      stopListening ??= signal && onAbort(signal, () => stop.abort(abortReason(signal)));
      try {
        throwIfAborted(signal);
        const next = await states.next();
        if (next.done !== true && isFinal(next.value)) leave();
        return next;
      } catch (error) {
        if (isLeft) return over;
        leave();
        throw error;
      }
    },
    async return() {
      leave();
      return over;
    },
  };
}
