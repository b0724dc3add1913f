import { describe, expect, it } from "vitest";
import { playPrintHistories } from "../support/print-job-model/play-histories.js";
import { KEPT, LIMITS } from "../support/print-job-model/scenarios.js";

/** Few histories, with the same seeds each time. `npm run test:proofs` plays many more, with other seeds. */
const COUNT = 60;
const FIRST_SEED = 1;

describe(`print jobs in histories of death, delay and doubt (seeds from ${FIRST_SEED})`, { timeout: 60_000 }, () => {
  it.each(Object.entries(KEPT))("keep every promise if %s", async (_world, rules) => {
    const { broken, examples } = await playPrintHistories(rules, COUNT, FIRST_SEED);
    expect(broken, JSON.stringify(examples, null, 2)).toEqual({});
  });

  it.each(Object.entries(LIMITS))("never print a card twice for one job if %s", async (_world, [rules, mayBreak]) => {
    const { broken, examples } = await playPrintHistories(rules, COUNT, FIRST_SEED);
    const others = Object.keys(broken).filter((promise) => !mayBreak.includes(promise));
    expect(others, JSON.stringify(examples, null, 2)).toEqual([]);
  });

  it("reach every closed state, and do so again with the same seeds", async () => {
    const one = await playPrintHistories({}, COUNT, FIRST_SEED);
    expect(Object.keys(one.states).sort()).toEqual(["failed", "not-sent", "produced", "refused"]);
    expect(await playPrintHistories({}, COUNT, FIRST_SEED)).toEqual(one);
  });
});
