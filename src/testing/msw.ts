/**
 * The kiosk simulator for MSW: 2.9 and later, and 3. Install `msw` as well.
 *
 * @module wise-card-kiosk/testing/msw
 */

export { type GlobalFetchHold, sendThroughGlobalFetch } from "./adapters/send-through-global-fetch.js";
export { kioskHandlers } from "./kiosk-handlers.js";
