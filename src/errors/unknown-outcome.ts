/** What to do if the outcome of a write is unknown, by the method that was called. */
const READ_FIRST: ReadonlyMap<string | undefined, string> = new Map([
  ["produceCard", "it may be printing: read the status before you produce again"],
  ["simulateProductionStatus", "the status may have been simulated: read it before you simulate again"],
]);

/** The message of an error after which the outcome of `operation` is unknown: it says so, and what to do. */
export function withUnknownOutcome(message: string, operation: string | undefined): string {
  const advice = READ_FIRST.get(operation);
  return advice === undefined ? message : `${message} (the outcome is unknown; ${advice})`;
}
