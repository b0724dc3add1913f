/** Wise waits five seconds for the response, and the callback needs most of them. */
const MAX_WAIT_MS = 1000;

/**
 * Calls a listener and awaits it for at most a second, because some platforms freeze after the response. Its errors are ignored,
 * so that no response depends on a logger.
 */
export function callSafely<T extends readonly unknown[]>(listener: (...args: T) => unknown, ...args: T): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, MAX_WAIT_MS);
    const end = () => resolve(clearTimeout(timer));
    new Promise((settle) => settle(listener(...args))).then(end, end);
  });
}
