import type { Production } from "../production/production.js";
import { isFinal } from "../production/production-flow.js";
import type { FollowSettings } from "./follow-options.js";
import { type Followed, followProduction } from "./follow-production.js";

/**
 * The states of a card up to `PRODUCED`, as an iterator that can be left at any moment: `return` does not wait for a read or an
 * event under way, as that of a plain generator would.
 */
export function watchProduction(
  card: Followed,
  settings: FollowSettings,
  signal: AbortSignal | undefined,
): AsyncIterableIterator<Production, void, void> {
  const stop = new AbortController();
  const onAbort = () => stop.abort(signal?.reason);
  const states = followProduction(card, settings, stop.signal);
  const over = { done: true, value: undefined } as const;
  let isLeft = false;
  const leave = () => {
    isLeft = true;
    signal?.removeEventListener("abort", onAbort);
    stop.abort();
    states.return().catch(() => {});
  };
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      if (isLeft) return over;
      // From here on it can be aborted. To listen once more does nothing.
      signal?.addEventListener("abort", onAbort, { once: true });
      try {
        signal?.throwIfAborted();
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
