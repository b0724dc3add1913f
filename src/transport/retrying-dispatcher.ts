import type { DispatcherLike } from "./dispatcher-like.js";

/**
 * Returns whether a dispatcher is undici's `RetryAgent` or derives from it. It sends a failed PUT again, which could print a card
 * twice, and no dispatch option prevents that. Bundlers rename classes, but the source text of its `dispatch` still sets
 * `retryOptions` from `this`.
 */
export function isRetryAgent(dispatcher: DispatcherLike): boolean {
  for (
    let ancestor = Object.getPrototypeOf(dispatcher);
    ancestor !== null;
    ancestor = Object.getPrototypeOf(ancestor)
  ) {
    if (ancestor.constructor?.name === "RetryAgent") return true;
    const dispatch = Object.getOwnPropertyDescriptor(ancestor, "dispatch")?.value;
    if (/\bretryOptions:[^{},(]*(\([^{}]*)?\bthis\b/.test(String(dispatch))) return true;
  }
  return false;
}

/** Options that make undici's retry interceptor, if a dispatcher contains one, pass everything on unchanged. */
export const WITHOUT_RETRIES = {
  maxRetries: 0,
  methods: [],
  statusCodes: [],
  errorCodes: [],
  throwOnError: false,
  retry: (error: Error, _context: unknown, giveUp: (error: Error) => void): void => giveUp(error),
};
