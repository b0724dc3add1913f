/** The kiosk simulator for MSW 2 and 3, which must be installed beside this package. */
export { kioskHandlers } from "./kiosk-handlers.js";
export { type GlobalFetchHold, sendThroughGlobalFetch } from "./send-through-global-fetch.js";
