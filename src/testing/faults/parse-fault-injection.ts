import { validateHeaderName, validateHeaderValue } from "node:http";
import { describeValue, mustBe, quoteValue } from "../../arguments/found-value.js";
import { type OptionNames, parseNestedOptions, parseOptions } from "../../arguments/parse-options.js";
import { KioskArgumentError } from "../../errors/argument-error.js";
import { SIMULATED_OPERATIONS } from "../../production/operation.js";
import { likelyMatch } from "../../text/nearest-match.js";
import { LONGEST_TIMER_MS } from "../../time/longest-times.js";
import type { DelayedArrival, Fault, FaultInjection, FaultResponse } from "./fault.js";
import { sendableBody } from "./sendable-body.js";

const INJECTION_NAMES: OptionNames<FaultInjection> = { fault: true, operation: true, times: true, takesEffect: true };

const FAULT_NAMES: OptionNames<FaultResponse | DelayedArrival> = {
  httpStatus: true,
  headers: true,
  body: true,
  arrivesAfterMs: true,
};

const NAMED_FAULTS: readonly string[] = [
  "connection-refused",
  "connection-reset",
  "lost-response",
  "timeout",
  "malformed-json",
  "truncated-body",
];

/**
 * Validates and copies an injection.
 *
 * @throws {KioskArgumentError} if an option is unknown or invalid; the message says what is allowed.
 */
export function parseFaultInjection(injection: FaultInjection): FaultInjection {
  const { fault: given, operation, times, takesEffect } = parseOptions("injection", injection, INJECTION_NAMES);
  const fault = parseFault(given);
  if (operation !== undefined && !SIMULATED_OPERATIONS.includes(operation)) {
    throw mustBe("operation", formatChoices(SIMULATED_OPERATIONS, operation), quoteValue(operation));
  }
  if (times !== undefined && times !== Number.POSITIVE_INFINITY && !(Number.isSafeInteger(times) && times > 0)) {
    throw mustBe("times", "a positive integer, or Infinity until the fault is removed", describeValue(times));
  }
  if (takesEffect !== undefined && typeof takesEffect !== "boolean") {
    throw mustBe("takesEffect", "true or false", describeValue(takesEffect));
  }
  if (fault === "connection-refused" && takesEffect === true) {
    throw new KioskArgumentError(
      "takesEffect",
      "must not be true for 'connection-refused', which sends nothing. Inject 'lost-response' instead",
    );
  }
  return { fault, operation, times, takesEffect };
}

function parseFault(fault: Fault): Fault {
  if (typeof fault === "object" && fault !== null) return parseFaultObject(fault);
  if (NAMED_FAULTS.includes(fault)) return fault;
  throw mustBe(
    "fault",
    `{ httpStatus }, { arrivesAfterMs } or ${formatChoices(NAMED_FAULTS, fault)}`,
    quoteValue(fault),
  );
}

function parseFaultObject(fault: FaultResponse | DelayedArrival): Fault {
  const { arrivesAfterMs, ...response } = parseNestedOptions("fault", fault, FAULT_NAMES) as Partial<DelayedArrival> &
    FaultResponse;
  if (arrivesAfterMs === undefined) return parseFaultResponse(response);
  if (Object.values(response).some((value) => value !== undefined)) {
    throw new KioskArgumentError(
      "fault",
      "must not combine arrivesAfterMs with httpStatus, headers or body: a delayed request gets no response",
    );
  }
  if (typeof arrivesAfterMs === "number" && arrivesAfterMs >= 0 && arrivesAfterMs <= LONGEST_TIMER_MS) {
    return { arrivesAfterMs };
  }
  throw mustBe(
    "fault.arrivesAfterMs",
    `a number of milliseconds from 0 to ${LONGEST_TIMER_MS}`,
    describeValue(arrivesAfterMs),
  );
}

function parseFaultResponse(response: FaultResponse): FaultResponse {
  const { httpStatus, headers = {}, body } = response;
  if (!(Number.isInteger(httpStatus) && httpStatus >= 200 && httpStatus <= 599)) {
    throw mustBe("fault.httpStatus", "an integer from 200 to 599", describeValue(httpStatus));
  }
  if (typeof headers !== "object" || headers === null || Array.isArray(headers)) {
    throw mustBe("fault.headers", "an object with header fields", describeValue(headers));
  }
  for (const [name, value] of Object.entries(headers)) requireSendable(name, value);
  return { httpStatus, headers: response.headers && { ...headers }, body: sendableBody("fault.body", body) };
}

function requireSendable(name: string, value: unknown): void {
  if (typeof value !== "string") {
    throw mustBe("fault.headers", `an object with strings: ${quoteValue(name)} must be one`, describeValue(value));
  }
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
  } catch {
    throw new KioskArgumentError(
      "fault.headers",
      `must contain only header fields that can be sent: the name or the value of ${quoteValue(name)} cannot`,
    );
  }
}

/** Lists the choices, and suggests the one that was probably meant. */
function formatChoices(choices: readonly string[], given: unknown): string {
  const meant = typeof given === "string" ? likelyMatch(given, choices) : undefined;
  const list = `one of ${choices.map((choice) => `'${choice}'`).join(", ")}`;
  return meant === undefined ? list : `${list} (did you mean '${meant}'?)`;
}
