import { Bag } from "./bag.js";

/** The callbacks that wait for a signal, and the single listener that calls them. */
interface Waiters {
  readonly callbacks: Bag<() => void>;
  readonly listener: () => void;
}

const waitersBySignal = new WeakMap<AbortSignal, Waiters>();

/**
 * Calls `callback` when the signal aborts. A signal gets a single listener for all callbacks, because Node.js prints a warning
 * about a possible leak for more than ten. The listener is removed with the last callback.
 *
 * @returns a function that removes the callback.
 */
export function onAbort(signal: AbortSignal, callback: () => void): () => void {
  const waiters = waitersBySignal.get(signal) ?? addListener(signal);
  const { callbacks, listener } = waiters;
  const entry = callbacks.add(callback);
  return () => {
    callbacks.delete(entry);
    if (callbacks.size > 0 || waitersBySignal.get(signal) !== waiters) return;
    waitersBySignal.delete(signal);
    signal.removeEventListener("abort", listener);
  };
}

function addListener(signal: AbortSignal): Waiters {
  const callbacks = new Bag<() => void>();
  const listener = () => {
    waitersBySignal.delete(signal);
    for (const { item, index } of callbacks.list()) if (index >= 0) item();
  };
  const waiters = { callbacks, listener };
  waitersBySignal.set(signal, waiters);
  signal.addEventListener("abort", listener, { once: true });
  return waiters;
}
