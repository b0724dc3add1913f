/** The operations that Wise offers, by the names of the client's methods. */
export const KIOSK_OPERATIONS = ["produceCard", "getProductionStatus", "simulateProductionStatus"] as const;

/** One of {@link KIOSK_OPERATIONS}. */
export type KioskOperation = (typeof KIOSK_OPERATIONS)[number];
