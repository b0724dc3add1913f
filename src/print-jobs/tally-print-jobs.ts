import { describeValue, mustBe, quoteValue } from "../arguments/found-value.js";
import { type OptionNames, parseOptions } from "../arguments/parse-options.js";
import { adviceFor } from "../production/advice-for.js";
import type { PrintJob } from "./record/print-job.js";
import { isReadableProduction } from "./record/print-job-state.js";

/** Options for {@link tallyPrintJobs}. */
export interface TallyPrintJobsOptions {
  /** The time zone of the days: an IANA name such as `Europe/Tallinn`. Default: `UTC`. */
  readonly timeZone?: string | undefined;
}

/** The outcomes of the jobs of one kiosk on one day. */
export interface PrintJobTally {
  /** The kiosk, as the first counted job names it. */
  readonly kioskId: string;
  /** The day, such as `2026-01-31`. */
  readonly day: string;
  /** How many cards were produced. */
  readonly produced: number;
  /** How many productions failed. */
  readonly failed: number;
  /**
   * How many of the failed productions may have left a personalised card in the machine or its reject box, to be collected,
   * counted and destroyed. If that is unknown, the job counts.
   */
  readonly mayHaveLeftCard: number;
  /** How many jobs are unresolved. Each may have left a card too, or printed none. */
  readonly unresolved: number;
}

const TALLY_NAMES: OptionNames<TallyPrintJobsOptions> = { timeZone: true };

/**
 * Counts the `produced`, `failed` and `unresolved` jobs of each kiosk and day, for an audit. Jobs in other states do not count. A
 * job counts on the day on which it reached its state.
 *
 * A job of a later format counts if it names its kiosk and a time. If it has no history, it counts on the day of its `updatedAt`.
 *
 * The tallies are sorted by day, and by kiosk within a day. Kiosk ids are compared without case.
 *
 * @throws {KioskArgumentError} if `jobs` is not a list of jobs, or the time zone is unknown. The message names the first item that
 * is not a job.
 *
 * @example
 * ```ts
 * import { tallyPrintJobs } from "wise-card-kiosk/print-jobs";
 *
 * await jobs.print({ ...card, kioskId: "WIS00001" });
 * await kiosk.waitForProduction(card, { until: ["PRODUCTION_ERROR"] });
 * const closed = await jobs.list({ states: ["produced", "failed"], limit: 1000 });
 * for (const { kioskId, failed, mayHaveLeftCard } of tallyPrintJobs(closed, { timeZone: "Europe/Tallinn" })) {
 *   console.log(`${kioskId}: ${failed} failed, ${mayHaveLeftCard} of them may have left a card`);
 * }
 * // → WIS00001: 1 failed, 1 of them may have left a card
 * ```
 */
export function tallyPrintJobs(jobs: Iterable<PrintJob>, options: TallyPrintJobsOptions = {}): PrintJobTally[] {
  const { timeZone = "UTC" } = parseOptions("options", options, TALLY_NAMES);
  const toDay = createDayFormat(timeZone);
  const tallies = new Map<string, PrintJobTally>();
  for (const job of parseJobs(jobs)) {
    if (job.state !== "produced" && job.state !== "failed" && job.state !== "unresolved") continue;
    const at = findTimeReached(job);
    // A job of a later format may lack either of them.
    if (typeof job.kioskId !== "string" || Number.isNaN(Date.parse(at))) continue;
    const day = toDay(at);
    const key = JSON.stringify([day, job.kioskId.toLowerCase()]);
    const tally = tallies.get(key) ?? createTally(job.kioskId, day);
    const count = { ...tally, [job.state]: tally[job.state] + 1 };
    tallies.set(key, mayHaveLeftCard(job) ? { ...count, mayHaveLeftCard: tally.mayHaveLeftCard + 1 } : count);
  }
  return [...tallies.entries()].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, tally]) => tally);
}

function parseJobs(value: unknown): readonly PrintJob[] {
  const isIterable = typeof (value as { [Symbol.iterator]?: unknown } | null)?.[Symbol.iterator] === "function";
  if (!isIterable || typeof value === "string") throw mustBe("jobs", "a list of print jobs", describeValue(value));
  const jobs = [...(value as Iterable<PrintJob | null>)];
  const at = jobs.findIndex((job) => typeof job !== "object" || job === null);
  if (at < 0) return jobs as PrintJob[];
  throw mustBe(`jobs[${at}]`, "a print job", describeValue(jobs[at]));
}

function createTally(kioskId: string, day: string): PrintJobTally {
  return { kioskId, day, produced: 0, failed: 0, mayHaveLeftCard: 0, unresolved: 0 };
}

/** If only a person reported the failure, it is unknown whether it left a card. */
function mayHaveLeftCard({ state, production }: PrintJob): boolean {
  if (state !== "failed") return false;
  if (!isReadableProduction(production) || production.status !== "PRODUCTION_ERROR") return true;
  return adviceFor(production).mayLeaveCard;
}

/** Returns when the job reached its state. Later entries with the same state are notes. */
function findTimeReached({ history, state, updatedAt }: PrintJob): string {
  // A job of a later format may lack the field, or have another one of this name.
  const entries = Array.isArray(history) ? history : [];
  const before = entries.findLastIndex((entry) => entry.state !== state);
  return entries[before + 1]?.at ?? updatedAt;
}

function createDayFormat(timeZone: string): (at: string) => string {
  let format: Intl.DateTimeFormat;
  try {
    const digits = { year: "numeric", month: "2-digit", day: "2-digit" } as const;
    format = new Intl.DateTimeFormat("en-US", { timeZone, calendar: "iso8601", numberingSystem: "latn", ...digits });
  } catch {
    throw mustBe("timeZone", "the IANA name of a time zone, such as Europe/Tallinn", quoteValue(timeZone));
  }
  return (at) => {
    const parts = new Map(format.formatToParts(new Date(at)).map(({ type, value }) => [type, value]));
    return `${parts.get("year")}-${parts.get("month")}-${parts.get("day")}`;
  };
}
