import { type Limits, withinLimits } from "../transport/time-limit.js";

/**
 * Waits, and leaves no timer behind. `false` where `deadlineMs` passed before.
 *
 * @throws the reason of the caller's signal.
 */
export async function wait(ms: number, { signal, deadline }: Pick<Limits, "signal" | "deadline">): Promise<boolean> {
  const never = () => new Promise<never>(() => {});
  const waited = await withinLimits({ timeoutMs: ms, deadline, signal }, never);
  return waited.kind === "passed" && waited.limit === "timeoutMs";
}
