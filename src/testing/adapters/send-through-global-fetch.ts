import { holdGlobalFetch } from "../../transport/global-fetch-switch.js";

/** Keeps clients sending through the global `fetch`. Returned by {@link sendThroughGlobalFetch}. */
export interface GlobalFetchHold {
  /** Ends this hold. Clients return to undici with the last one. Calling it again does nothing. */
  restore(): void;
  /** Does the same as `restore`, for `using`. */
  [Symbol.dispose](): void;
}

/**
 * Makes every client of this package that has no `fetch` option send through the global `fetch`, which MSW intercepts. This
 * includes clients with `dispatcher` or `mtls`, clients created earlier, and those of other copies of this package. The effect ends
 * with `restore()`, or at the end of the block that declares it with `using`. If there are several holds, the last one ends it.
 *
 * Without it, a client sends through undici, which MSW does not intercept, and the request reaches the network.
 *
 * @example
 * const globalFetch = sendThroughGlobalFetch();
 * afterAll(() => globalFetch.restore());
 */
export function sendThroughGlobalFetch(): GlobalFetchHold {
  const restore = holdGlobalFetch();
  return { restore, [Symbol.dispose]: restore };
}
