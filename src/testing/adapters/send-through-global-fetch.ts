import { holdGlobalFetch } from "../../transport/global-fetch-switch.js";

/** A hold on the global `fetch` by {@link sendThroughGlobalFetch}. */
export interface GlobalFetchHold {
  /** Ends this hold. Calling it again does nothing. */
  restore(): void;
  /** Does the same as `restore`, for `using`. */
  [Symbol.dispose](): void;
}

/**
 * Makes every client of this package that has no `fetch` of its own send through the global `fetch`, where MSW sees it. This
 * includes clients with `dispatcher` or `mtls`, clients made before, and those of other copies of this package. It ends with
 * `restore()`, or with the block in which it was declared with `using`; if there are several holds, with the last of them.
 *
 * Without it a client sends through undici, where MSW sees nothing: the request would reach the network.
 *
 * @example
 * const globalFetch = sendThroughGlobalFetch();
 * afterAll(() => globalFetch.restore());
 */
export function sendThroughGlobalFetch(): GlobalFetchHold {
  const restore = holdGlobalFetch();
  return { restore, [Symbol.dispose]: restore };
}
