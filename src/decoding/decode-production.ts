import { type DecodeIssue, KioskDecodeError } from "../errors/decode-error.js";
import type { Production } from "../production/production.js";
import { productionSchema } from "../schemas/production.js";
import { decodeIssues, listIssues } from "./decode-issues.js";

/** What came of decoding: the value, or the reasons why there is none. */
export type Decoded<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly issues: readonly DecodeIssue[] };

/** Reads the state of a production from a parsed body. */
export function decodeProduction(value: unknown): Decoded<Production> {
  const result = productionSchema.safeParse(value);
  return result.success ? { ok: true, value: result.data } : { ok: false, issues: decodeIssues(result.error.issues) };
}

/**
 * Reads the state of a production from a parsed body that Wise sent, or from a {@link Production} that went through JSON: parsing
 * what was parsed changes nothing.
 *
 * Missing and `null` fields both become `null`, fields that this version does not know are dropped, a status that it does not
 * know becomes `UNRECOGNIZED`, and an error code that it does not know stays as it came.
 *
 * @throws {KioskDecodeError} where `value` has no `status` of type string, or a field of a wrong type.
 * @see https://docs.wise.com/api-reference/card-kiosk-collection
 */
export function parseProduction(value: unknown): Production {
  const decoded = decodeProduction(value);
  if (decoded.ok) return decoded.value;
  const { issues } = decoded;
  throw new KioskDecodeError(`Not the state of a production: ${listIssues(issues)}`, { issues });
}
