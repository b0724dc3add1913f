import type { PrintJob } from "./record/print-job.js";

/** Returns the values of a job's row, in the order of the parameters $1 to $9 of the statements that write one. */
export function toRow(job: PrintJob): unknown[] {
  return [
    toKey(job.id),
    toKey(job.profileId),
    toKey(job.cardToken),
    toKioskKey(job.kioskId),
    toKey(job.state),
    job.version,
    job.dueAt === null ? null : toKey(job.dueAt),
    toKey(job.updatedAt),
    toAsciiJson(job),
  ];
}

/** Returns the job of a row. */
export function parseRow(row: unknown): PrintJob {
  return JSON.parse((row as { job: string }).job);
}

/** Returns a text as its column holds it: usually the text itself. Different texts have different keys. */
export function toKey(text: string): string {
  return toAsciiJson(text).slice(1, -1);
}

/** Returns a kiosk id as its column holds it: in lower case, because case does not matter. */
export function toKioskKey(kioskId: string): string {
  return toKey(kioskId.toLowerCase());
}

/**
 * Returns JSON in which everything but ASCII is escaped. PostgreSQL has no null character in text, drivers replace lone
 * surrogates, and not every database has an encoding for every character.
 */
function toAsciiJson(value: unknown): string {
  return JSON.stringify(value).replace(/[\u0080-\uffff]/g, (unit) => {
    return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}
