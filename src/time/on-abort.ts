import { Bag, type Bagged } from "./bag.js";

/** A callback that waits for a signal. */
interface Waiter extends Bagged {
  readonly call: () => void;
}

/** The callbacks that wait for a signal, and the single listener that calls them. */
interface Waiters {
  readonly callbacks: Bag<Waiter>;
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
  const entry: Waiter = { call: callback, bagIndex: undefined };
  callbacks.add(entry);
  return () => {
    callbacks.delete(entry);
    if (callbacks.size > 0 || waitersBySignal.get(signal) !== waiters) return;
    waitersBySignal.delete(signal);
    signal.removeEventListener("abort", listener);
  };
}

function addListener(signal: AbortSignal): Waiters {
  const callbacks = new Bag<Waiter>();
  const listener = () => {
    waitersBySignal.delete(signal);
    callbacks.forEach(({ call }) => void call());
  };
  const waiters = { callbacks, listener };
  waitersBySignal.set(signal, waiters);
  signal.addEventListener("abort", listener, { once: true });
  return waiters;
}
