import { holdGlobalFetch } from "../../transport/global-fetch-switch.js";

/** Keeps clients sending through the global `fetch`. Returned by {@link sendThroughGlobalFetch}. */
export interface GlobalFetchHold {
  /** Ends this hold. Clients send through undici again once all holds have ended. Calling it again does nothing. */
  restore(): void;
  /** Does the same as `restore`, for `using`. */
  [Symbol.dispose](): void;
}

/**
 * Makes every client of this package that has no `fetch` option send through the global `fetch`, which MSW intercepts. This
 * includes clients with `dispatcher` or `mtls`, clients created earlier, and those of other copies of this package. The hold ends
 * with `restore()`, or at the end of the block that declares it with `using`. The effect lasts until all holds have ended.
 *
 * Without it, a client sends through undici, which MSW does not intercept, and the request reaches the network.
 *
 * @example
 * ```ts
 * import { sendThroughGlobalFetch } from "wise-card-kiosk/testing/msw";
 *
 * const hold = sendThroughGlobalFetch();
 * // Clients now send through the global `fetch`, which MSW intercepts.
 * hold.restore();
 * ```
 */
export function sendThroughGlobalFetch(): GlobalFetchHold {
  const restore = holdGlobalFetch();
  return { restore, [Symbol.dispose]: restore };
}
