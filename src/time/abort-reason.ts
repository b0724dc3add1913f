/**
 * Returns what to reject with after a signal aborted: its reason. Some polyfills, such as `abort-controller`, have none. Then it is an
 * `AbortError`.
 */
export function abortReason(signal: AbortSignal): unknown {
  return signal.reason === undefined ? new DOMException("This operation was aborted", "AbortError") : signal.reason;
}

/** Throws the {@link abortReason} of a signal if it has aborted. Some polyfills have no such method. */
export function throwIfAborted(signal: AbortSignal | null | undefined): void {
  if (signal?.aborted) throw abortReason(signal);
}
