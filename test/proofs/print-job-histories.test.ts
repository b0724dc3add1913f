import { describe, expect, it } from "vitest";
import { playPrintHistories } from "../support/print-job-model/play-histories.js";
import { KEPT, LIMITS } from "../support/print-job-model/scenarios.js";

/** How many histories are played in each world: `PRINT_JOB_HISTORIES=100000 npm run test:proofs` for a long proof. */
const COUNT = Number(process.env["PRINT_JOB_HISTORIES"] ?? 2000);

/** The first seed: `PRINT_JOB_SEED=…` repeats a proof. */
const FIRST_SEED = Number(process.env["PRINT_JOB_SEED"] ?? Math.floor(Math.random() * 1_000_000_000));

describe(`Print jobs in random histories (${COUNT} in each world, seeds from ${FIRST_SEED})`, {
  timeout: 10_000_000,
}, () => {
  it.each(Object.entries(KEPT))("keep every promise if %s", async (_world, rules) => {
    const { broken, examples } = await playPrintHistories(rules, COUNT, FIRST_SEED);
    expect(broken, JSON.stringify(examples, null, 2)).toEqual({});
  });

  it.each(Object.entries(LIMITS))("never print a card twice for one job if %s", async (_world, [rules, mayBreak]) => {
    const { broken, examples } = await playPrintHistories(rules, COUNT, FIRST_SEED);
    const others = Object.keys(broken).filter((promise) => !mayBreak.includes(promise));
    expect(others, JSON.stringify(examples, null, 2)).toEqual([]);
  });

  it("print a card twice if reads are trusted before the window is over, so that this proof can fail", async () => {
    const rules = { windowMs: 0, resend: true, decides: "lagging" } as const;
    const { broken } = await playPrintHistories(rules, Math.max(COUNT, 1000), FIRST_SEED);
    expect(Object.keys(broken)).toContain("two prints of one job");
  });

  it("change a final state if a store ignores versions, so that this proof can fail", async () => {
    const { broken } = await playPrintHistories({ ignoresVersions: true }, Math.max(COUNT, 2000), FIRST_SEED);
    expect(Object.keys(broken)).toContain("a final state changed");
  });
});
