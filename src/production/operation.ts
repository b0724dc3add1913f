/** The operations of the card kiosk collection, named after the client's methods. */
export const OPERATIONS = ["produceCard", "getProductionStatus", "simulateProductionStatus"] as const;

/** An operation of the card kiosk collection, named after the client's method. */
export type Operation = (typeof OPERATIONS)[number];
