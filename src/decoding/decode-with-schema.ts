import type { DecodeIssue } from "../errors/decode-error.js";
import { decodeIssues, type SchemaIssue } from "./decode-issues.js";
import { issueMessage } from "./issue-message.js";

/** The result of decoding: the value or the issues. */
export type Decoded<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly issues: readonly DecodeIssue[] };

/** The part of a zod schema that is used here. Declared here so that no zod type is needed. */
interface DecodingSchema<T> {
  safeParse(
    value: unknown,
    params?: { error: typeof issueMessage },
  ): { success: true; data: T } | { success: false; error: { issues: readonly SchemaIssue[] } };
}

const PARAMS = { error: issueMessage };

/** Decodes a value with a schema. The parameters give the messages: only a failure needs them, and zod takes longer with them. */
export function decodeWithSchema<T>(schema: DecodingSchema<T>, value: unknown): Decoded<T> {
  let result = schema.safeParse(value);
  if (!result.success) result = schema.safeParse(value, PARAMS);
  return result.success ? { ok: true, value: result.data } : { ok: false, issues: decodeIssues(result.error.issues) };
}
