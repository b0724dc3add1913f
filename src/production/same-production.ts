import type { Production } from "./production.js";

/** Whether two productions tell the same state: status, kiosk, time and error code. Descriptions are prose and may vary. */
export function isSameProduction(one: Production, other: Production): boolean {
  return (
    statusText(one) === statusText(other) &&
    one.kioskId === other.kioskId &&
    one.occurredAt === other.occurredAt &&
    one.errorCode === other.errorCode
  );
}

/** The status as Wise sent it. */
export function statusText(production: Production): string {
  return production.status === "UNRECOGNIZED" ? production.rawStatus : production.status;
}
