import type { ProductionStatus } from "../production/production-status.js";
import { type Freshness, freshnessOf, type ReadEvidence } from "./freshness.js";
import type { Settling } from "./settlement.js";

/** Whose work an `IN_PROGRESS` is does not matter: it is true, and what was asked for. A produced card is never sent again. */
const BY_STATUS: Readonly<Record<ProductionStatus, Readonly<Record<Freshness, Settling>>>> = {
  READY: { fresh: "send-again", stale: "send-again", unknown: "send-again" },
  REQUEST_ERROR: { fresh: "resolve", stale: "send-again", unknown: "send-again" },
  IN_PROGRESS: { fresh: "resolve", stale: "resolve", unknown: "resolve" },
  PRODUCED: { fresh: "resolve", stale: "stop", unknown: "stop" },
  PRODUCTION_ERROR: { fresh: "resolve", stale: "send-again", unknown: "stop" },
};

/**
 * What a read means for a `produceCard` in doubt:
 *
 * | read | fresh | stale | unknown |
 * | --- | --- | --- | --- |
 * | `READY` | send again | send again | send again |
 * | `REQUEST_ERROR` | resolve | send again | send again |
 * | `IN_PROGRESS`, our kiosk or none | resolve | resolve | resolve |
 * | `IN_PROGRESS`, another kiosk | | stop | stop |
 * | `PRODUCED` | resolve | stop | stop |
 * | `PRODUCTION_ERROR` | resolve | send again | stop |
 * | a status that is not known | stop | stop | stop |
 */
export function settleProduction(evidence: ReadEvidence): Settling {
  const { read, kioskId } = evidence;
  if (read.status === "UNRECOGNIZED") return "stop";
  if (read.status === "IN_PROGRESS" && read.kioskId !== null && read.kioskId !== kioskId) return "stop";
  return BY_STATUS[read.status][freshnessOf(evidence)];
}
