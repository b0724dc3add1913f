import { describeValue, mustBe, quoteValue } from "../arguments/found-value.js";
import { type OptionNames, parseOptions } from "../arguments/parse-options.js";
import { adviceFor } from "../production/advice-for.js";
import type { PrintJob } from "./record/print-job.js";

/** Options for {@link tallyPrintJobs}. */
export interface TallyPrintJobsOptions {
  /** The time zone in which a day begins and ends, by its IANA name such as `Europe/Tallinn`. Default: `UTC`. */
  readonly timeZone?: string | undefined;
}

/** What came of the jobs of one kiosk on one day. */
export interface PrintJobTally {
  readonly kioskId: string;
  /** The day, as `2026-01-31`. */
  readonly day: string;
  /** How many cards were produced. */
  readonly produced: number;
  /** How many productions failed. */
  readonly failed: number;
  /**
   * How many of the failed ones may have left a personalised card in the machine or its reject box, to be collected, counted and
   * destroyed. In doubt a job counts.
   */
  readonly mayHaveLeftCard: number;
  /** How many jobs are unresolved. They may have left a card too, or have printed none. */
  readonly unresolved: number;
}

const OPTION_NAMES: OptionNames<TallyPrintJobsOptions> = { timeZone: true };

/**
 * Counts the cards that were produced and that failed, for each kiosk and day: what an auditor asks for. A job counts on the day on
 * which it reached its state. Jobs that nothing came of, and those that are still printing, count nowhere.
 *
 * The tallies are in the order of the days, and of the kiosks within a day. Kiosk ids are compared without case.
 *
 * @throws {KioskArgumentError} if `jobs` is not a list of jobs, or the time zone is not known.
 */
export function tallyPrintJobs(jobs: Iterable<PrintJob>, options: TallyPrintJobsOptions = {}): PrintJobTally[] {
  const { timeZone = "UTC" } = parseOptions("options", options, OPTION_NAMES);
  const dayOf = dayFormatter(timeZone);
  if (typeof (jobs as { [Symbol.iterator]?: unknown } | null)?.[Symbol.iterator] !== "function") {
    throw mustBe("jobs", "a list of print jobs", describeValue(jobs));
  }
  const tallies = new Map<string, PrintJobTally>();
  for (const job of jobs) {
    if (job.state !== "produced" && job.state !== "failed" && job.state !== "unresolved") continue;
    const day = dayOf(reachedAt(job));
    const key = JSON.stringify([day, job.kioskId.toLowerCase()]);
    const tally = tallies.get(key) ?? emptyTally(job.kioskId, day);
    const count = { ...tally, [job.state]: tally[job.state] + 1 };
    tallies.set(key, mayHaveLeftCard(job) ? { ...count, mayHaveLeftCard: tally.mayHaveLeftCard + 1 } : count);
  }
  return [...tallies.entries()].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, tally]) => tally);
}

function emptyTally(kioskId: string, day: string): PrintJobTally {
  return { kioskId, day, produced: 0, failed: 0, mayHaveLeftCard: 0, unresolved: 0 };
}

/** A person may say that a print failed of which Wise told no error: then it is not known what it left. */
function mayHaveLeftCard({ state, production }: PrintJob): boolean {
  if (state !== "failed") return false;
  return production?.status !== "PRODUCTION_ERROR" || adviceFor(production).mayLeaveCard;
}

/** When the job came to the state in which it is: later entries of the same state are notes. */
function reachedAt({ history, state, updatedAt }: PrintJob): string {
  const before = history.findLastIndex((entry) => entry.state !== state);
  return history[before + 1]?.at ?? updatedAt;
}

function dayFormatter(timeZone: string): (at: string) => string {
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
