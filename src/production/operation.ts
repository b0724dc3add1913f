/** The operations of the card kiosk collection, named after the client's methods. */
const OPERATIONS = ["produceCard", "getProductionStatus", "simulateProductionStatus"] as const;

/** An operation of the card kiosk collection, named after the client's method. */
export type Operation = (typeof OPERATIONS)[number];

/** The operations on webhook subscriptions. */
const SUBSCRIPTION_OPERATIONS = [
  "listSubscriptions",
  "getSubscription",
  "createSubscription",
  "deleteSubscription",
  "sendTestNotification",
] as const;

/** An operation on webhook subscriptions. */
export type SubscriptionOperation = (typeof SUBSCRIPTION_OPERATIONS)[number];

/** An operation of the card kiosk collection or on webhook subscriptions. */
export type WiseOperation = Operation | SubscriptionOperation;

/** The operations that the simulator knows. `requestToken` asks the token endpoint for a token of the application itself. */
export const SIMULATED_OPERATIONS = [...OPERATIONS, ...SUBSCRIPTION_OPERATIONS, "requestToken"] as const;

/** An operation that the simulator knows. */
export type SimulatedOperation = (typeof SIMULATED_OPERATIONS)[number];
