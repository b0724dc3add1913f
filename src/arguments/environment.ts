/** One of Wise's environments. */
export type Environment = "production" | "sandbox";

/** Returns whether a value names one of Wise's environments. */
export function isEnvironment(value: unknown): value is Environment {
  return value === "production" || value === "sandbox";
}
