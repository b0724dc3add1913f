/** The part of an error's cause that a log needs. */
export interface CauseSummary {
  /** The name of the error, such as `TypeError`; the result of `typeof` if the cause is a primitive value. */
  readonly name: string;
  /** The code of the error, if it is a short word or a number. */
  readonly code: string | number | undefined;
}

/** Matches the names of error classes and the codes of failures. Anything else may be data, or a secret. */
const WORD = /^[\w$.:/-]{1,64}$/;

/**
 * Returns a summary of a cause, or `undefined` if there is none. The cause may be any thrown value: its getters may throw, and
 * its fields may contain anything.
 */
export function summarizeCause(cause: unknown): CauseSummary | undefined {
  if (cause === undefined || cause === null) return undefined;
  if (typeof cause !== "object" && typeof cause !== "function") return { name: typeof cause, code: undefined };
  const name = getProperty(cause, "name");
  const code = getProperty(cause, "code");
  return {
    name: isWord(name) ? name : "Error",
    code: isWord(code) || Number.isFinite(code) ? (code as string | number) : undefined,
  };
}

function getProperty(cause: object, field: "name" | "code"): unknown {
  try {
    return (cause as Record<string, unknown>)[field];
  } catch {
    return undefined;
  }
}

function isWord(value: unknown): value is string {
  return typeof value === "string" && WORD.test(value);
}
