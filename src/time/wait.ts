import { type Limits, withinLimits } from "./time-limit.js";

/**
 * Waits, and leaves no timer behind. Returns `false` if the deadline passed first.
 *
 * @throws the reason of the caller's signal.
 */
export async function wait(
  ms: number,
  { clock, signal, deadline }: Pick<Limits, "clock" | "signal" | "deadline">,
): Promise<boolean> {
  const never = () => new Promise<never>(() => {});
  const waited = await withinLimits({ clock, timeoutMs: ms, deadline, signal }, never);
  return waited.kind === "passed" && waited.limit === "timeoutMs";
}
