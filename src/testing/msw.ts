/** The kiosk simulator for MSW 2 and 3, which must be installed beside this package. */

export { type GlobalFetchHold, sendThroughGlobalFetch } from "./adapters/send-through-global-fetch.js";
export { kioskHandlers } from "./kiosk-handlers.js";
