import { vi } from "vitest";
import { Dice } from "../dice.js";
import type { HistoryResult, HistoryRules } from "./history-rules.js";
import { playHistory } from "./print-history.js";
import { USUAL_FATES } from "./request-fates.js";

/** Troubles of every kind, within what the reconcile window allows for. */
const TROUBLED: HistoryRules = {
  lagMs: 5000,
  delayMs: 4000,
  windowMs: 10_000,
  ignoresVersions: false,
  decides: "true",
  changeTimes: false,
  correctsFailures: false,
  isSkewed: true,
  mayFreeze: true,
  storeFailures: 0.03,
  readsFail: true,
  othersPrint: false,
  wholeSeconds: false,
  printWindowMs: undefined,
  resend: false,
  mayGiveUp: true,
  personsResolve: true,
  fates: USUAL_FATES,
};

/** The results of many histories. */
export interface PrintFindings {
  /** The number of histories that broke each promise. */
  readonly broken: Readonly<Record<string, number>>;
  /** The shortest history for each of them. */
  readonly examples: Readonly<Record<string, readonly string[]>>;
  /** The number of jobs that ended in each state. */
  readonly states: Readonly<Record<string, number>>;
}

/**
 * Plays histories, one seed after another. The seed decides about the clock, timers and `Math.random`, so the same seed plays the
 * same history.
 */
export async function playPrintHistories(
  rules: Partial<HistoryRules>,
  count: number,
  firstSeed: number,
): Promise<PrintFindings> {
  const broken: Record<string, number> = {};
  const examples: Record<string, readonly string[]> = {};
  const states: Record<string, number> = {};
  const systemRandom = Math.random;
  vi.useFakeTimers({ toFake: ["Date", "setTimeout", "clearTimeout"] });
  try {
    for (let seed = firstSeed; seed < firstSeed + count; seed += 1) {
      const dice = new Dice(seed);
      Math.random = () => dice.next();
      vi.clearAllTimers();
      const result: HistoryResult = await playHistory({ ...TROUBLED, ...rules }, dice);
      for (const state of result.states) states[state] = (states[state] ?? 0) + 1;
      for (const promise of result.broken) {
        broken[promise] = (broken[promise] ?? 0) + 1;
        const shortest = examples[promise];
        if (shortest === undefined || result.log.length < shortest.length) {
          examples[promise] = [`seed ${seed}`, ...result.log];
        }
      }
    }
  } finally {
    Math.random = systemRandom;
    vi.useRealTimers();
  }
  return { broken, examples, states };
}
