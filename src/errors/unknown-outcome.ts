/** What to do if the outcome of a write is unknown, by the method that was called. */
const READ_FIRST: ReadonlyMap<string | undefined, string> = new Map([
  ["produceCard", "the card may be printing: read the status before you produce it again"],
  ["print", "the card may be printing: a sweep finds out, and `get` returns what is known of the job"],
  ["createSubscription", "the subscription may exist: call `ensure` or `list` before you create another one"],
  ["deleteSubscription", "the subscription may be deleted: it is safe to delete it again"],
  ["sendTestNotification", "the test notification may have been queued"],
  ["simulateProductionStatus", "the status may have been simulated: read it before you simulate again"],
  [
    "refreshToken",
    "the tokens may have been replaced: if the next refresh fails with invalid_grant, have the customer connect again",
  ],
  ["ensure", "a subscription may have been created: call `ensure` again"],
]);

/**
 * Returns the message; if `operation` is a write, with the addition that its outcome is unknown, and what to do. `ensure`
 * consists of several operations: the one that failed may have a known outcome.
 */
export function withUnknownOutcome(message: string, operation: string | undefined): string {
  const advice = READ_FIRST.get(operation);
  const opening = operation === "ensure" ? "" : "the outcome is unknown; ";
  return advice === undefined ? message : `${message} (${opening}${advice})`;
}
