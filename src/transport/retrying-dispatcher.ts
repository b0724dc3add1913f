import type { DispatcherLike } from "./dispatcher-like.js";

/**
 * Whether this is undici's `RetryAgent` or derived from it: it sends a failed PUT again without asking, and a card would be
 * printed twice. It can not be told not to.
 */
export function isRetryAgent(dispatcher: DispatcherLike): boolean {
  for (
    let ancestor = Object.getPrototypeOf(dispatcher);
    ancestor !== null;
    ancestor = Object.getPrototypeOf(ancestor)
  ) {
    if (ancestor.constructor?.name === "RetryAgent") return true;
  }
  return false;
}

/** Tells undici's retry interceptor, where one is composed into a dispatcher, to hand everything on as it comes. */
export const WITHOUT_RETRIES = {
  maxRetries: 0,
  methods: [],
  statusCodes: [],
  errorCodes: [],
  throwOnError: false,
  retry: (error: Error, _context: unknown, giveUp: (error: Error) => void): void => giveUp(error),
};
