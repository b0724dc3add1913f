/** The name of a Wise environment. */
export type Environment = "production" | "sandbox";

/** Returns whether a value is the name of a Wise environment. */
export function isEnvironment(value: unknown): value is Environment {
  return value === "production" || value === "sandbox";
}
