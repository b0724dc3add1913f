import { KioskArgumentError } from "../errors/argument-error.js";
import { nearestMatch } from "../text/nearest-match.js";
import type { DelayedArrival, FaultInjection, FaultyAnswer } from "./fault.js";
import { KIOSK_OPERATIONS } from "./kiosk-operation.js";

const NAMED_FAULTS = [
  "connection-refused",
  "connection-reset",
  "lost-response",
  "timeout",
  "malformed-json",
  "truncated-body",
] as const;

const LONGEST_DELAY_MS = 2_147_483_647;

/** @throws {KioskArgumentError} if an injection is not valid; the message says what is. */
export function checkFaultInjection({ fault, operation, times, takesEffect }: FaultInjection): void {
  checkFault(fault);
  if (operation !== undefined && !KIOSK_OPERATIONS.includes(operation)) {
    throw new KioskArgumentError("operation", `must be ${oneOf(KIOSK_OPERATIONS, operation)}; leave it out for any`);
  }
  if (times !== undefined && times !== Number.POSITIVE_INFINITY && !(Number.isSafeInteger(times) && times > 0)) {
    throw new KioskArgumentError("times", "must be a positive integer, or Infinity to last until the fault is removed");
  }
  if (takesEffect !== undefined && typeof takesEffect !== "boolean") {
    throw new KioskArgumentError(
      "takesEffect",
      "must be true or false; leave it out for what the fault does by itself",
    );
  }
  if (fault === "connection-refused" && takesEffect === true) {
    throw new KioskArgumentError(
      "takesEffect",
      "must not be true for 'connection-refused', which sends nothing; inject 'lost-response' instead",
    );
  }
}

function checkFault(fault: unknown): void {
  if (NAMED_FAULTS.includes(fault as (typeof NAMED_FAULTS)[number])) return;
  if (typeof fault !== "object" || fault === null) {
    throw new KioskArgumentError(
      "fault",
      `must be { httpStatus }, { arrivesAfterMs }, or ${oneOf(NAMED_FAULTS, fault)}`,
    );
  }
  const { httpStatus, arrivesAfterMs } = fault as Partial<FaultyAnswer & DelayedArrival>;
  if ((httpStatus === undefined) === (arrivesAfterMs === undefined)) {
    throw new KioskArgumentError(
      "fault",
      "must have either httpStatus, for another response, or arrivesAfterMs, for a late request without one",
    );
  }
  if (httpStatus !== undefined && !(Number.isInteger(httpStatus) && httpStatus >= 200 && httpStatus <= 599)) {
    throw new KioskArgumentError("fault.httpStatus", "must be an integer from 200 to 599");
  }
  if (arrivesAfterMs !== undefined && !isDelay(arrivesAfterMs)) {
    throw new KioskArgumentError(
      "fault.arrivesAfterMs",
      `must be a number of milliseconds from 0 to ${LONGEST_DELAY_MS}`,
    );
  }
}

function isDelay(value: unknown): boolean {
  return typeof value === "number" && value >= 0 && value <= LONGEST_DELAY_MS;
}

/** The choices in words, and which of them was probably meant. */
function oneOf(choices: readonly string[], given: unknown): string {
  const nearest = typeof given === "string" ? nearestMatch(given, choices) : undefined;
  const list = `one of ${choices.map((choice) => `'${choice}'`).join(", ")}`;
  return nearest === undefined ? list : `${list} (did you mean '${nearest}'?)`;
}
