import type { Production } from "../production/production.js";
import type { Settling } from "./settlement.js";

/**
 * What a read means for a `simulateProductionStatus` in doubt: the state that was asked for means done, `IN_PROGRESS` means
 * that nothing was simulated yet, and anything else is for the caller to look at.
 */
export function settleSimulation(
  read: Production,
  target: { readonly status: string; readonly errorCode?: string | undefined },
): Settling {
  if (read.status === "IN_PROGRESS") return "send-again";
  const isTarget =
    read.status === target.status && (target.errorCode === undefined || read.errorCode === target.errorCode);
  return isTarget ? "resolve" : "stop";
}
