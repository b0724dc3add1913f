/** The operations of the card kiosk collection, by the names of the client's methods. */
export const OPERATIONS = ["produceCard", "getProductionStatus", "simulateProductionStatus"] as const;

/** An operation of the card kiosk collection, by the name of the client's method. */
export type Operation = (typeof OPERATIONS)[number];
