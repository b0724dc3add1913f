import type { Production } from "../production/production.js";
import type { Conclusion } from "./reconciliation.js";

/**
 * Decides what a read means for a `simulateProductionStatus` in doubt: the state that was asked for means done, `IN_PROGRESS`
 * means that nothing was simulated yet, and the caller must look at anything else.
 */
export function concludeSimulation(
  read: Production,
  target: { readonly status: string; readonly errorCode?: string | undefined },
): Conclusion {
  if (read.status === "IN_PROGRESS") return { action: "send-again", attribution: "older" };
  const isTarget =
    read.status === target.status && (target.errorCode === undefined || read.errorCode === target.errorCode);
  return isTarget ? { action: "resolve", attribution: "ours" } : { action: "stop", attribution: "unknown" };
}
