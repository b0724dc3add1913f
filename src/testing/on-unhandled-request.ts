/**
 * What happens to a request through the simulator's dispatcher whose path is not one of the kiosk collection: `'error'`, it fails
 * with an error that names the nearest path; `'bypass'`, it goes to the network.
 */
export type OnUnhandledRequest = "error" | "bypass";
