import { describeValue, mustBe } from "../../arguments/found-value.js";
import { KioskArgumentError } from "../../errors/argument-error.js";
import { DEEPEST_LEVEL, isDeeperThan } from "../../text/nesting.js";

/**
 * Returns a copy of the body of a custom response, as plain data: later changes of `body` do not affect it.
 *
 * @throws {KioskArgumentError} if it cannot be sent: it is nested too deep, or circular, or there is no JSON for it.
 */
export function sendableBody(argument: string, body: unknown): unknown {
  if (body === undefined || typeof body === "string") return body;
  if (isDeeperThan(DEEPEST_LEVEL, body)) {
    throw new KioskArgumentError(argument, `must have at most ${DEEPEST_LEVEL} levels of arrays and objects`);
  }
  const json = toJson(body);
  if (json === undefined) throw mustBe(argument, "a string or a JSON-serializable value", describeValue(body));
  return JSON.parse(json);
}

function toJson(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}
