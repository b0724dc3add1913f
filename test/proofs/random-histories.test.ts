import { describe, expect, it } from "vitest";
import { PROPERTY_SEED } from "../support/property-seed.js";
import { counterexamples, playHistories } from "../support/random-histories.js";

describe(`produceCard in random histories over real connections (seeds from ${PROPERTY_SEED})`, () => {
  playHistories();
  const decideByLaggingState = [false, true];

  it("never prints twice or misreports a print over real connections if lag and delay add up to less than the window", async () => {
    const lateness = { lagMs: 25, delayMs: 25, windowMs: 100, decideByLaggingState };
    expect(await counterexamples(lateness, 3000)).toEqual([]);
  });

  it("never prints twice or misreports a print over real connections with a window for several reads", async () => {
    const lateness = { lagMs: 150, delayMs: 200, windowMs: 450, decideByLaggingState };
    expect(await counterexamples(lateness, 360)).toEqual([]);
  });

  it("finds cards that are printed twice over real connections without a window, so that this proof can fail", async () => {
    const lateness = { lagMs: 100, delayMs: 100, windowMs: 0, decideByLaggingState: [true] };
    expect((await counterexamples(lateness, 480)).join()).toContain("no request prints a card again");
  });
});
