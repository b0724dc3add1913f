import { KioskArgumentError } from "../../errors/argument-error.js";
import { DEEPEST_LEVEL, isDeeperThan } from "../../text/nesting.js";

/** @throws {KioskArgumentError} if the body of a custom response cannot be sent, because it is circular or nested too deep. */
export function requireSendableBody(argument: string, body: unknown): void {
  if (!isDeeperThan(DEEPEST_LEVEL, body)) return;
  throw new KioskArgumentError(argument, `must have at most ${DEEPEST_LEVEL} levels of arrays and objects`);
}
