import { describeValue, mustBe } from "../arguments/found-value.js";
import { decodeProduction } from "../decoding/decode-production.js";
import type { Production } from "../production/production.js";

/**
 * Validates an optional production.
 *
 * @throws {KioskArgumentError} if the value is neither a production nor `undefined` or `null`.
 */
export function parseProductionArgument(argument: string, production: unknown): Production | undefined {
  if (production === undefined || production === null) return undefined;
  const decoded = decodeProduction(production);
  if (decoded.ok) return decoded.value;
  throw mustBe(argument, "a Production returned by this package", describeValue(production));
}
