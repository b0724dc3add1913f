import { describe, it, vi } from "vitest";
import { createFolderDatabase } from "../support/bank-databases.js";
import { DEATHS, playDeath, WISES } from "../support/death-matrix.js";

/** Each history starts three or four programs. */
vi.setConfig({ testTimeout: 60_000, maxConcurrency: 3 });

const FEW_DEATHS = [
  "before the record",
  "after the record",
  "after the intent",
  "before the request",
  "in flight",
  "after the response",
  "in the sweep, after its claim",
];

const FEW_WISES = [
  "refused it",
  "took it, and it jammed",
  "took it late",
  "took it, and reads lag",
  "never got it, and someone else printed at another kiosk",
];

/** A part of the matrix of `test/proofs/death.test.ts`: each death once, and each behaviour of Wise once. */
const CELLS = [
  ...FEW_DEATHS.map((death) => [death, "took it"] as const),
  ...FEW_WISES.map((wise) => ["in flight", wise] as const),
];

describe.concurrent("a print whose process is killed", () => {
  it.each(CELLS)(
    "prints at most once and reports only true states if its process is killed %s, and Wise %s",
    async (...cell) => {
      const [step] = DEATHS.filter(({ title }) => title === cell[0]);
      const [wise] = WISES.filter(({ title }) => title === cell[1]);
      if (step === undefined || wise === undefined) throw new Error("The matrix has no such cell.");
      await playDeath(step, wise, await createFolderDatabase());
    },
  );
});
