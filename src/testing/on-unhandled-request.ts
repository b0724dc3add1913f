/**
 * What becomes of a request through the simulator's dispatcher whose path is none of the kiosk collection's: it fails, or goes
 * to the network.
 */
export type OnUnhandledRequest = "error" | "bypass";
