/** The fields of a zod issue from which its message is made. */
interface UntitledIssue {
  readonly code: string;
  readonly expected?: unknown;
  readonly input?: unknown;
}

/**
 * Returns the message of an issue that a schema has no message of its own for: a value of the wrong type. It is zod's English
 * message. The small API of zod has no messages, and those of the classic one depend on the language that the process configured.
 */
export function issueMessage({ code, expected, input }: UntitledIssue): string | undefined {
  return code === "invalid_type" ? `Invalid input: expected ${expected}, received ${typeName(input)}` : undefined;
}

function typeName(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value === "number" && !Number.isFinite(value)) return String(value);
  const className = typeof value === "object" ? Object.getPrototypeOf(value)?.constructor?.name : undefined;
  return className === undefined || className === "Object" ? typeof value : className;
}
