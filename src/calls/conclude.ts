import type { Production } from "../production/production.js";
import type { ProductionStatus } from "../production/production-status.js";
import { isElsewhere } from "../production/same-kiosk.js";
import { type Attribution, attribute, type ReadEvidence } from "./attribution.js";
import type { Conclusion } from "./reconciliation.js";

/**
 * What to do for each status and attribution. An `IN_PROGRESS` resolves whatever caused it, because the card is being printed
 * as requested. A request is never sent again for a card that is `PRODUCED`.
 */
const ACTIONS: Readonly<Record<ProductionStatus, Readonly<Record<Attribution, Conclusion["action"]>>>> = {
  READY: { ours: "send-again", older: "send-again", unknown: "send-again" },
  REQUEST_ERROR: { ours: "resolve", older: "send-again", unknown: "send-again" },
  IN_PROGRESS: { ours: "resolve", older: "resolve", unknown: "resolve" },
  PRODUCED: { ours: "resolve", older: "stop", unknown: "stop" },
  PRODUCTION_ERROR: { ours: "resolve", older: "send-again", unknown: "stop" },
};

/**
 * Decides what a read means for a `produceCard` in doubt, once the reconcile window is over: as in {@link ACTIONS}, but an
 * unknown status, or an `IN_PROGRESS` at another kiosk, means stop.
 */
export function concludeProduction(evidence: ReadEvidence): Conclusion {
  const { read, kioskId } = evidence;
  const attribution = attribute(evidence);
  if (read.status === "UNRECOGNIZED") return { action: "stop", attribution };
  if (read.status === "IN_PROGRESS" && isElsewhere(read, kioskId)) return { action: "stop", attribution };
  return { action: ACTIONS[read.status][attribution], attribution };
}

/**
 * Decides what a read means for a `simulateProductionStatus` in doubt. The requested state means done. `IN_PROGRESS` means that
 * nothing was simulated yet. Any other state means stop.
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
