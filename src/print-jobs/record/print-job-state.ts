import type { Production } from "../../production/production.js";
import type { PrintJob, PrintJobState } from "./print-job.js";

/** The states of a job, the open ones first. */
export const PRINT_JOB_STATES = [
  "requested",
  "accepted",
  "unresolved",
  "produced",
  "failed",
  "refused",
  "not-sent",
] as const satisfies readonly PrintJobState[];

const CLOSED: ReadonlySet<string> = new Set<PrintJobState>(["produced", "failed", "refused", "not-sent"]);

/** The format of a job that this version of the package reads and writes. */
const FORMAT = 1;

/**
 * Returns whether a job is open: no other job of its card can be created until it is closed. A state that this version does not
 * know counts as open, because the card may be printing.
 */
export function isOpenPrintJob(job: Pick<PrintJob, "state">): boolean {
  return !CLOSED.has(job.state);
}

/** Returns whether this version may change a job. A job of a later format may mean more than this version knows. */
export function isOfThisFormat({ format }: { readonly format: number }): boolean {
  return format <= FORMAT;
}

/** Returns whether a field of a job is a production. In a job of a later format, it may be missing or have another shape. */
export function isReadableProduction(
  value: { readonly [Key in keyof Production]?: unknown } | null,
): value is Production {
  const fields = [value?.kioskId, value?.occurredAt, value?.description, value?.errorCode];
  return typeof value?.status === "string" && fields.every((field) => field === null || typeof field === "string");
}

/** Returns a copy of a job: whoever holds one may change it. */
export function copyPrintJob(job: PrintJob): PrintJob {
  return JSON.parse(JSON.stringify(job));
}

/** Returns whether the kiosk ever accepted the request of this job. A job that follows another print sent none. */
export function wasOnceAccepted({ adopted, history }: PrintJob): boolean {
  return !adopted && history.some(({ state }) => state === "accepted");
}
