/** The operations that Wise offers, by the names of the client's methods. */
export type KioskOperation = "produceCard" | "getProductionStatus" | "simulateProductionStatus";
