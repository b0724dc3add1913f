/** Who waits for a signal, and the one listener that calls them. */
interface Waiters {
  readonly callbacks: Set<() => void>;
  readonly listener: () => void;
}

const waitersBySignal = new WeakMap<AbortSignal, Waiters>();

/**
 * Calls `callback` once the signal aborts. A signal gets a single listener, however many wait for it: Node.js takes more than ten
 * for a leak, and prints a warning. The listener is removed with the last of them.
 *
 * @returns a function that stops waiting.
 */
export function onAbort(signal: AbortSignal, callback: () => void): () => void {
  const waiters = waitersBySignal.get(signal) ?? listenTo(signal);
  const { callbacks, listener } = waiters;
  callbacks.add(callback);
  return () => {
    callbacks.delete(callback);
    if (callbacks.size > 0 || waitersBySignal.get(signal) !== waiters) return;
    waitersBySignal.delete(signal);
    signal.removeEventListener("abort", listener);
  };
}

function listenTo(signal: AbortSignal): Waiters {
  const callbacks = new Set<() => void>();
  const listener = () => {
    waitersBySignal.delete(signal);
    for (const callback of callbacks) callback();
  };
  const waiters = { callbacks, listener };
  waitersBySignal.set(signal, waiters);
  signal.addEventListener("abort", listener, { once: true });
  return waiters;
}
