import { holdGlobalFetch } from "../transport/global-fetch-switch.js";

/** Undoes what {@link sendThroughGlobalFetch} did. */
export interface GlobalFetchHold {
  /** Ends this hold. Calling it again does nothing. */
  restore(): void;
  [Symbol.dispose](): void;
}

/**
 * Lets every client of this package that has no `fetch` of its own send through the global `fetch`, where MSW sees it: also
 * those with `dispatcher` or `mtls`, those made before, and those of other copies of this package. It ends with `restore()`, or
 * with the block where it was declared with `using`; where several hold it, with the last of them.
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
