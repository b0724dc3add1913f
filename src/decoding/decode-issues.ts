import type { DecodeIssue } from "../errors/decode-error.js";
import { printable } from "../text/printable.js";

/** What a zod issue has of interest here; named so that no zod type is needed. */
interface SchemaIssue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** The issues of a schema as plain data, with the path as text. */
export function decodeIssues(issues: readonly SchemaIssue[]): readonly DecodeIssue[] {
  return issues.map(({ path, message }) => ({
    path: printable(path.map(String).join(".")),
    message: printable(message),
  }));
}

/** Issues in one line, for the message of an error. */
export function listIssues(issues: readonly DecodeIssue[]): string {
  return issues.map(({ path, message }) => (path === "" ? message : `${path}: ${message}`)).join("; ");
}
