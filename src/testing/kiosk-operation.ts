/** The operations of the kiosk collection, by the names of the client's methods. */
export const KIOSK_OPERATIONS = ["produceCard", "getProductionStatus", "simulateProductionStatus"] as const;

/** An operation of the kiosk collection, by the name of the client's method. */
export type KioskOperation = (typeof KIOSK_OPERATIONS)[number];
