import { describeValue, mustBe } from "../arguments/found-value.js";
import { parseFunction } from "../arguments/parse-function.js";
import { type OptionNames, parseOptions } from "../arguments/parse-options.js";
import { parseRange } from "../arguments/parse-range.js";
import type { WiseKioskClient } from "../client/wise-kiosk-client.js";
import { parseMs } from "../options/option-values.js";
import type { OnPrintJobChange } from "./job-changes.js";
import type { PrintJobStore } from "./print-job-store.js";
import type { PrintJobTimes } from "./rules/print-job-input.js";

/** The methods of a {@link WiseKioskClient} that print jobs call, and its reconcile window. */
export type PrintJobsClient = Pick<WiseKioskClient, "produceCard" | "getProductionStatus" | "reconcileProduction"> & {
  /** The length of the reconcile window, in milliseconds: 0 to 600000. Default: 10000. */
  readonly reconcileWindowMs?: number | undefined;
};

/** Options for `PrintJobs`. */
export interface PrintJobsOptions extends PrintJobTimes {
  /** The client that prints cards and reads their status. */
  readonly client: PrintJobsClient;
  /** Keeps the jobs: `postgresPrintJobStore`, or a store of your own. Use one table for each Wise environment. */
  readonly store: PrintJobStore;
  /**
   * Called after each stored change of a job: a new job, an intent, another state, another production. Its errors are ignored.
   * If `apply` writes within your transaction, it is called before you commit. Default: none.
   */
  readonly onChange?: OnPrintJobChange | undefined;
  /**
   * How long an accepted job waits for news, in milliseconds: 1 to 2147483647. Default: 300000 (5 minutes). After that, sweeps
   * read its card, and a person may resolve it.
   */
  readonly overdueMs?: number | undefined;
  /**
   * How long after its last news an accepted job becomes `unresolved` if sweeps read nothing new, in milliseconds: 1 to
   * 2147483647. Default: 3600000 (1 hour).
   */
  readonly staleMs?: number | undefined;
  /**
   * The maximum number of reads that the sweeps of this instance send per second: 0.01 to 1000. Default: 5. Wise allows 100
   * requests per second and 1,000 per minute for everything that you send. With more than three instances, set 15 divided by their
   * number, or less.
   */
  readonly maxReadsPerSecond?: number | undefined;
}

/** The options of `PrintJobs`, checked and with their defaults. */
export interface PrintJobsSettings {
  readonly client: PrintJobsClient;
  readonly store: PrintJobStore;
  readonly onChange: OnPrintJobChange | undefined;
  readonly times: PrintJobTimes;
  readonly maxReadsPerSecond: number;
}

const PRINT_JOBS_NAMES: OptionNames<PrintJobsOptions> = {
  client: true,
  store: true,
  onChange: true,
  overdueMs: true,
  staleMs: true,
  maxReadsPerSecond: true,
};

const CLIENT_METHODS = ["produceCard", "getProductionStatus", "reconcileProduction"] as const;
const STORE_METHODS = ["insert", "replace", "get", "jobsOf", "due", "list", "purge"] as const;
const DEFAULT_READS_PER_SECOND = 5;

/**
 * Validates the options of {@link PrintJobs}.
 *
 * @throws {KioskArgumentError} for the first option that is unknown or invalid.
 */
export function parsePrintJobsOptions(given: PrintJobsOptions): PrintJobsSettings {
  const options = parseOptions("options", given, PRINT_JOBS_NAMES);
  const { client, store, onChange, overdueMs, staleMs, maxReadsPerSecond = DEFAULT_READS_PER_SECOND } = options;
  return {
    client: parseMethods("client", "a WiseKioskClient", client, CLIENT_METHODS),
    store: parseStore(store),
    onChange: parseFunction("onChange", onChange),
    times: {
      overdueMs: overdueMs === undefined ? undefined : parseMs("overdueMs", overdueMs),
      staleMs: staleMs === undefined ? undefined : parseMs("staleMs", staleMs),
    },
    maxReadsPerSecond: parseRange("maxReadsPerSecond", maxReadsPerSecond, { min: 0.01, max: 1000, unit: "a number" }),
  };
}

/**
 * Validates a store.
 *
 * @throws {KioskArgumentError} if it lacks a method of a store.
 */
export function parseStore(store: PrintJobStore): PrintJobStore {
  return parseMethods("store", "a PrintJobStore, as from postgresPrintJobStore", store, STORE_METHODS);
}

function parseMethods<T extends object>(argument: string, wanted: string, value: T, methods: readonly string[]): T {
  const found = (value ?? {}) as Record<string, unknown>;
  const missing = methods.find((method) => typeof found[method] !== "function");
  if (missing === undefined) return value;
  const isObject = typeof value === "object" && value !== null;
  throw mustBe(argument, wanted, isObject ? `an object without the method ${missing}` : describeValue(value));
}
