import { KioskDecodeError } from "../errors/decode-error.js";
import type { Production } from "../production/production.js";
import { productionBodySchema, toProduction } from "../schemas/production.js";
import { listIssues } from "./decode-issues.js";
import { type Decoded, decodeWithSchema } from "./decode-with-schema.js";

export type { Decoded };

/** Decodes the state of a production from a parsed body. */
export function decodeProduction(value: unknown): Decoded<Production> {
  const body = decodeWithSchema(productionBodySchema, value);
  return body.ok ? { ok: true, value: toProduction(body.value) } : body;
}

/**
 * Decodes the state of a production from a parsed body that Wise sent, or from a {@link Production} that went through JSON: parsing
 * a parsed production again does not change it.
 *
 * Missing and `null` fields both become `null`, and unknown fields are dropped. A status that this version does not know becomes
 * `UNRECOGNIZED`. Unknown error codes are passed through unchanged.
 *
 * @example
 * ```ts
 * import { parseProduction } from "wise-card-kiosk";
 *
 * const production = parseProduction(JSON.parse('{ "status": "READY" }'));
 * console.log(production.kioskId);
 * // → null
 * ```
 *
 * @throws {KioskDecodeError} if `value` has no string `status`, or a field has the wrong type.
 * @see https://docs.wise.com/api-reference/card-kiosk-collection
 */
export function parseProduction(value: unknown): Production {
  const decoded = decodeProduction(value);
  if (decoded.ok) return decoded.value;
  const { issues } = decoded;
  throw new KioskDecodeError(`Not a valid production: ${listIssues(issues)}`, { issues });
}
