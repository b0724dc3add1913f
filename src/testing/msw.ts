/** The kiosk simulator for MSW 2 and 3. Install `msw` as well. */

export { type GlobalFetchHold, sendThroughGlobalFetch } from "./adapters/send-through-global-fetch.js";
export { kioskHandlers } from "./kiosk-handlers.js";
