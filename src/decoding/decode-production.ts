import type { DecodeIssue } from "../errors/decode-error.js";
import type { Production } from "../production/production.js";
import { productionSchema } from "../schemas/production.js";
import { decodeIssues } from "./decode-issues.js";

/** What came of decoding: the value, or the reasons why there is none. */
export type Decoded<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly issues: readonly DecodeIssue[] };

/** Reads the state of a production from a parsed body. */
export function decodeProduction(value: unknown): Decoded<Production> {
  const result = productionSchema.safeParse(value);
  return result.success ? { ok: true, value: result.data } : { ok: false, issues: decodeIssues(result.error.issues) };
}
