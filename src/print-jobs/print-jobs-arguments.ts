import { describeValue, mustBe, quoteValue } from "../arguments/found-value.js";
import { type OptionNames, parseOptions } from "../arguments/parse-options.js";
import { parseRange } from "../arguments/parse-range.js";
import { parseKioskId } from "../client/card-arguments.js";
import { parseSignal } from "../options/option-values.js";
import { parseTimestamp, toTimestamp } from "../production/timestamp.js";
import type { PrintJobStore, PrintJobsPurge, PrintJobsQuery } from "./print-job-store.js";
import { parseStore } from "./print-jobs-options.js";
import { parseName } from "./print-request.js";
import type { PrintJobState } from "./record/print-job.js";
import { PRINT_JOB_STATES } from "./record/print-job-state.js";
import type { PrintJobInput, PrintJobResolution } from "./rules/print-job-input.js";

/** Options for `apply`. */
export interface ApplyPrintJobEventOptions {
  /** The store to write to, such as one within your own transaction. Default: the store of the `PrintJobs`. */
  readonly store?: PrintJobStore | undefined;
}

/** Options for `sweep`. */
export interface SweepPrintJobsOptions {
  /** The maximum number of jobs to process: 1 to 10000. Default: 100. */
  readonly limit?: number | undefined;
  /** Aborts the sweep, which rejects with `signal.reason`. Jobs in progress are due again within a minute. Default: none. */
  readonly signal?: AbortSignal | undefined;
}

/** What a person found out about a job. */
export interface ResolvePrintJobRequest {
  /**
   * `produced`: the customer has the card; `failed`: the kiosk failed, or the card was rejected; `not-printed`: nothing was
   * printed.
   */
  readonly outcome: PrintJobResolution;
  /** The person: a non-blank string of at most 200 characters. */
  readonly by: string;
  /** How the person knows: a non-blank string of at most 500 characters. */
  readonly reason: string;
}

/** Options for `list`. */
export interface ListPrintJobsOptions {
  /** Only jobs in one of these states. Default: all states. */
  readonly states?: readonly PrintJobState[] | undefined;
  /** Only jobs of this kiosk, compared without case. Default: all kiosks. */
  readonly kioskId?: string | undefined;
  /** The `id` of the last job of the previous page. If no job has this id, the page is empty. Default: the first page. */
  readonly after?: string | undefined;
  /** The maximum number of jobs to return: 1 to 1000. Default: 100. */
  readonly limit?: number | undefined;
}

/** Options for `purge`. */
export interface PurgePrintJobsOptions {
  /** Deletes closed jobs that last changed before this time: a `Date`, or ISO 8601 with a time zone. */
  readonly closedBefore: Date | string;
}

const APPLY_NAMES: OptionNames<ApplyPrintJobEventOptions> = { store: true };
const SWEEP_NAMES: OptionNames<SweepPrintJobsOptions> = { limit: true, signal: true };
const RESOLVE_NAMES: OptionNames<ResolvePrintJobRequest> = { outcome: true, by: true, reason: true };
const LIST_NAMES: OptionNames<ListPrintJobsOptions> = { states: true, kioskId: true, after: true, limit: true };
const PURGE_NAMES: OptionNames<PurgePrintJobsOptions> = { closedBefore: true };

const OUTCOMES: readonly unknown[] = ["produced", "failed", "not-printed"] satisfies readonly PrintJobResolution[];
const KNOWN_STATES: readonly unknown[] = PRINT_JOB_STATES;

const LONGEST_REASON = 500;
const END_OF_YEAR_9999 = Date.UTC(10_000, 0) - 1;
const DEFAULT_LIMIT = 100;

/**
 * Validates the options of `apply`, and returns the store.
 *
 * @throws {KioskArgumentError} if an option is unknown or invalid, like the other functions of this file.
 */
export function parseApplyOptions(given: ApplyPrintJobEventOptions): PrintJobStore | undefined {
  const { store } = parseOptions("options", given, APPLY_NAMES);
  return store === undefined ? undefined : parseStore(store);
}

/** Validates the options of `sweep`. */
export function parseSweepOptions(given: SweepPrintJobsOptions): { limit: number; signal: AbortSignal | undefined } {
  const { limit, signal } = parseOptions("options", given, SWEEP_NAMES);
  return { limit: parseLimit(limit, 10_000), signal: parseSignal(signal) };
}

/** Validates the resolution of a job. */
export function parseResolution(given: ResolvePrintJobRequest): Extract<PrintJobInput, { kind: "person" }> {
  const { outcome, by, reason } = parseOptions("resolution", given, RESOLVE_NAMES);
  if (!OUTCOMES.includes(outcome)) {
    throw mustBe("outcome", "'produced', 'failed' or 'not-printed'", quoteValue(outcome));
  }
  return { kind: "person", outcome, by: parseName("by", by), reason: parseName("reason", reason, LONGEST_REASON) };
}

/** Validates the options of `list`. */
export function parseListOptions(given: ListPrintJobsOptions): PrintJobsQuery {
  const { states, kioskId, after, limit } = parseOptions("options", given, LIST_NAMES);
  return {
    states: states === undefined ? undefined : parseStates(states),
    kioskId: kioskId === undefined ? undefined : parseKioskId(kioskId),
    after: after === undefined ? undefined : parseName("after", after),
    limit: parseLimit(limit, 1000),
  };
}

/** Validates the options of `purge`. */
export function parsePurgeOptions(given: PurgePrintJobsOptions): PrintJobsPurge {
  const { closedBefore } = parseOptions("options", given, PURGE_NAMES);
  const isText = typeof closedBefore === "string";
  const time = isText
    ? parseTimestamp(closedBefore)
    : closedBefore instanceof Date
      ? closedBefore.getTime()
      : undefined;
  if (time === undefined || Number.isNaN(time)) {
    const wanted = "a valid Date, or a time in ISO 8601 with a time zone";
    throw mustBe("closedBefore", wanted, closedBefore instanceof Date ? "an invalid Date" : quoteValue(closedBefore));
  }
  // Stores compare texts, and `toISOString` writes later years with a sign and six digits.
  return { closedBefore: toTimestamp(Math.min(time, END_OF_YEAR_9999)) };
}

function parseStates(states: unknown): readonly PrintJobState[] {
  if (Array.isArray(states)) {
    const unknown = states.find((state) => !KNOWN_STATES.includes(state));
    if (unknown === undefined) return [...states];
    throw mustBe("states", `a list of ${KNOWN_STATES.join(", ")}`, `one with ${quoteValue(unknown)}`);
  }
  throw mustBe("states", `a list of ${KNOWN_STATES.join(", ")}`, describeValue(states));
}

function parseLimit(value: unknown, most: number): number {
  return value === undefined ? DEFAULT_LIMIT : parseRange("limit", value, { min: 1, max: most, unit: "an integer" });
}
