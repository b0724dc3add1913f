import type { DecodeIssue } from "../errors/decode-error.js";
import { printable } from "../text/printable.js";

/** The fields of a zod issue that are used here. Declared here so that no zod type is needed. */
export interface SchemaIssue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** Returns the first 16 issues of a schema as plain data, with each path as text: a long list may have any number of them. */
export function decodeIssues(issues: readonly SchemaIssue[]): readonly DecodeIssue[] {
  return issues.slice(0, 16).map(({ path, message }) => ({
    path: printable(path.map(String).join(".")),
    message: printable(message),
  }));
}

/** Returns issues as one line, for an error message. */
export function listIssues(issues: readonly DecodeIssue[]): string {
  return issues.map(({ path, message }) => (path === "" ? message : `${path}: ${message}`)).join("; ");
}
