import { expect, it } from "vitest";
import { Dice } from "../support/dice.js";
import { type IntentHistory, runIntentHistory } from "../support/intent-history.js";
import { PROPERTY_SEED } from "../support/property-seed.js";

const HISTORIES = 20_000;

it("keeps every promise about intents in random histories", { timeout: 60_000 }, () => {
  const broken = new Map<string, { seed: number; history: IntentHistory }>();
  const outcomes = new Map<string, number>();
  for (let seed = PROPERTY_SEED; seed < PROPERTY_SEED + HISTORIES; seed += 1) {
    const dice = new Dice(seed);
    const history = runIntentHistory(() => dice.next());
    const outcome = history.reconciled?.outcome ?? "none";
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    for (const promise of history.broken) if (!broken.has(promise)) broken.set(promise, { seed, history });
  }
  expect(Object.fromEntries(broken), `the first seed was ${PROPERTY_SEED}`).toEqual({});
  for (const outcome of ["ours", "not-taken", "unknown"]) expect(outcomes.get(outcome)).toBeGreaterThan(HISTORIES / 50);
});
