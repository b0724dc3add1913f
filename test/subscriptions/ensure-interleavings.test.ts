import { expect, it } from "vitest";
import { Dice } from "../support/dice.js";
import { type EnsureTrouble, playEnsureHistory } from "../support/ensure-model.js";

const HISTORIES = 150;

const CALM: EnsureTrouble = {
  processes: 8,
  longestTripMs: 120,
  startsWithinMs: 300,
  losesResponses: false,
  kills: false,
  showsTimes: true,
  agreementMs: 1000,
};

const TROUBLES: readonly (readonly [string, EnsureTrouble])[] = [
  ["eight processes", CALM],
  ["two processes", { ...CALM, processes: 2 }],
  ["slow requests", { ...CALM, longestTripMs: 2500 }],
  ["processes that start within five seconds", { ...CALM, startsWithinMs: 5000, longestTripMs: 700 }],
  ["lists without times", { ...CALM, showsTimes: false }],
  ["lost responses", { ...CALM, processes: 4, losesResponses: true }],
  [
    "lost responses, slow requests and lists without times",
    { ...CALM, losesResponses: true, longestTripMs: 700, showsTimes: false },
  ],
];

it.each(TROUBLES)("leaves exactly one subscription, which every process returns: %s", async (_title, trouble) => {
  for (let seed = 1; seed <= HISTORIES; seed += 1) {
    const { results, left } = await playEnsureHistory(new Dice(seed), trouble);
    const ids = left.map(({ id }) => id);
    expect(
      results.map(({ subscription }) => subscription.id),
      `seed ${seed}`,
    ).toEqual(Array.from({ length: trouble.processes }, () => ids[0]));
    expect(ids, `seed ${seed}`).toHaveLength(1);
    // The first list of the creator was empty, so it waits until the others have deleted theirs, if they are quick enough.
    const creator = results.find(({ created }) => created);
    if (!trouble.losesResponses && trouble.longestTripMs < 1000) expect(creator?.others, `seed ${seed}`).toEqual([]);
  }
});

it("returns the same existing subscription from every process that lives, and leaves no more duplicates than processes died", async () => {
  let dead = 0;
  for (let seed = 1; seed <= HISTORIES; seed += 1) {
    const { results, left, deaths } = await playEnsureHistory(new Dice(seed), { ...CALM, kills: true });
    dead += deaths;
    const returned = new Set(results.map(({ subscription }) => subscription.id));
    expect(returned.size, `seed ${seed}`).toBeLessThanOrEqual(1);
    for (const id of returned) expect(left.map((each) => each.id)).toContain(id);
    expect(left.length, `seed ${seed}`).toBeLessThanOrEqual(1 + deaths);
  }
  expect(dead).toBeGreaterThan(HISTORIES);
});

it("finds histories with more than one subscription if the lists need not be a second apart", async () => {
  let broken = 0;
  for (let seed = 1; seed <= HISTORIES; seed += 1) {
    const { results, left } = await playEnsureHistory(new Dice(seed), { ...CALM, agreementMs: 0 });
    const returned = new Set(results.map(({ subscription }) => subscription.id));
    if (left.length !== 1 || returned.size !== 1) broken += 1;
  }
  expect(broken).toBeGreaterThan(0);
});
