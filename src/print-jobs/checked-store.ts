import { describeValue } from "../arguments/found-value.js";
import type { PrintJobStore } from "./print-job-store.js";
import { copyPrintJob } from "./record/print-job-state.js";

/**
 * Returns a store that rejects if `store` resolves with something that is not a result, as a store of one's own may. It passes
 * copies of the jobs on, because their writer continues with them.
 *
 * @throws {TypeError} from each method, if the result is not one of its results.
 */
export function checkedStore(store: PrintJobStore): PrintJobStore {
  return {
    insert: async (job) => check("insert", await store.insert(copyPrintJob(job)), isInsertion),
    replace: async (job, version) => check("replace", await store.replace(copyPrintJob(job), version), isReplacement),
    get: async (id) => check("get", (await store.get(id)) ?? undefined, isJobOrNone),
    jobsOf: async (card, limit) => check("jobsOf", await store.jobsOf(card, limit), Array.isArray),
    due: async (query) => check("due", await store.due(query), Array.isArray),
    list: async (query) => check("list", await store.list(query), Array.isArray),
    purge: async (query) => check("purge", await store.purge(query), Number.isInteger),
  };
}

function check<T>(method: keyof PrintJobStore, result: T, isResult: (value: unknown) => boolean): T {
  if (isResult(result)) return result;
  throw new TypeError(`${method} of the store resolved with ${describeValue(result)}`);
}

function isInsertion(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { inserted, job } = value;
  return inserted === true || (inserted === false && isObject(job));
}

function isReplacement(value: unknown): boolean {
  return value === "replaced" || value === "stale" || value === "blocked";
}

function isJobOrNone(value: unknown): boolean {
  return value === undefined || isObject(value);
}

function isObject(value: unknown): value is Readonly<Record<"inserted" | "job", unknown>> {
  return typeof value === "object" && value !== null;
}
