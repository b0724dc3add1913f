/**
 * Waits, for ever where `ms` is `Infinity`.
 *
 * @throws the reason of the signal, as soon as it aborts.
 */
export function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = ms === Number.POSITIVE_INFINITY ? undefined : setTimeout(finish, ms);
    if (signal?.aborted) abort();
    signal?.addEventListener("abort", abort, { once: true });

    function finish(): void {
      signal?.removeEventListener("abort", abort);
      resolve();
    }
    function abort(): void {
      clearTimeout(timer);
      reject(signal?.reason);
    }
  });
}
