import { describe, expect, it } from "vitest";
import { explore } from "../support/every-history.js";
import { PROPERTY_SEED } from "../support/property-seed.js";
import { counterexamples, playHistories } from "../support/random-histories.js";

/** A small fixed part of the histories in `test/proofs`. */
describe("produceCard in every history of three requests", { timeout: 60_000 }, () => {
  it("never prints twice or misreports a print if lag and delay add up to the window", () => {
    const { broken, histories } = explore({ decidesByLag: true });
    expect([...broken]).toEqual([]);
    expect(histories).toBeGreaterThan(20_000);
  });
});

describe(`produceCard in random histories over real connections (seeds from ${PROPERTY_SEED})`, {
  timeout: 60_000,
}, () => {
  playHistories();

  it("never prints twice or misreports a print over real connections, in a fixed set of histories", async () => {
    const lateness = { lagMs: 100, delayMs: 100, windowMs: 500, decideByLaggingState: [false, true] };
    expect(await counterexamples(lateness, 120)).toEqual([]);
  });
});
