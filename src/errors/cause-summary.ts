/** The cause of an error, as far as a log needs it. */
export interface CauseSummary {
  /** The name of the error, as in `TypeError`; its type if the cause is not an object. */
  readonly name: string;
  /** Its code, if it has one that is a short word or a number. */
  readonly code: string | number | undefined;
}

/** The names of error classes and the codes of failures look like this. Anything else may be data, or a secret. */
const WORD = /^[\w$.:/-]{1,64}$/;

/**
 * Sums up a cause, whatever was thrown: a getter of a foreign error may throw, and its fields may hold anything.
 *
 * @returns `undefined` if there is no cause.
 */
export function summarizeCause(cause: unknown): CauseSummary | undefined {
  if (cause === undefined || cause === null) return undefined;
  if (typeof cause !== "object" && typeof cause !== "function") return { name: typeof cause, code: undefined };
  const name = readProperty(cause, "name");
  const code = readProperty(cause, "code");
  return {
    name: isWord(name) ? name : "Error",
    code: isWord(code) || Number.isFinite(code) ? (code as string | number) : undefined,
  };
}

function readProperty(cause: object, field: "name" | "code"): unknown {
  try {
    return (cause as Record<string, unknown>)[field];
  } catch {
    return undefined;
  }
}

function isWord(value: unknown): value is string {
  return typeof value === "string" && WORD.test(value);
}
