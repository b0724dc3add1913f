import type { PrintJobInsertion } from "../../print-jobs/print-job-store.js";

/** How long `due` and `list` may lag behind a write. */
const LONGEST_LAG_MS = 1000;
const PAUSE_MS = 50;

/** How many characters of a value an error shows. */
const SHOWN_LENGTH = 2000;

/** Throws an error with the beginning of both values, unless they are equal as JSON. The order of fields does not matter. */
export function expectEqual(found: unknown, expected: unknown): void {
  if (isEqual(found, expected)) return;
  throw new Error(`expected ${showValue(expected)}, found ${showValue(found)}`);
}

function showValue(value: unknown): string {
  const text = `${JSON.stringify(value)}`;
  return text.length <= SHOWN_LENGTH ? text : `${text.slice(0, SHOWN_LENGTH)}…`;
}

/** Expects that a job was not inserted because the job with an id was in its way. */
export function expectInTheWay(insertion: PrintJobInsertion, id: string): void {
  expectEqual(insertion.inserted ? insertion : insertion.job.id, id);
}

/** Repeats a check for a while until it succeeds: `due` and `list` may lag. */
export async function eventually(check: () => Promise<void>): Promise<void> {
  for (let waitedMs = 0; ; waitedMs += PAUSE_MS) {
    try {
      return await check();
    } catch (error) {
      if (waitedMs >= LONGEST_LAG_MS) throw error;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}

function isEqual(one: unknown, other: unknown): boolean {
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) return one === other;
  const [names, otherNames] = [Object.keys(one), Object.keys(other)];
  if (Array.isArray(one) !== Array.isArray(other) || names.length !== otherNames.length) return false;
  return names.every((name) => {
    return Object.hasOwn(other, name) && isEqual(one[name as keyof typeof one], other[name as keyof typeof other]);
  });
}
