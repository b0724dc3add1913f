import { expect, it } from "vitest";
import { readWorkflow } from "../support/workflows.js";

/** Returns a job that installs the package on Linux, and runs one command. */
const jobOf = (minutes: number, install: string, command: object) => ({
  "runs-on": "ubuntu-24.04",
  "timeout-minutes": minutes,
  permissions: { contents: "read" },
  steps: [
    { uses: "actions/checkout", with: { "persist-credentials": false } },
    { uses: "actions/setup-node", with: { "node-version": 24 } },
    { run: install },
    command,
  ],
});

it("nightly.yml runs the proofs, the fuzzer and a strict audit every night", () => {
  expect(readWorkflow("nightly.yml")).toEqual({
    name: "Nightly",
    on: { schedule: [{ cron: "17 3 * * *" }], workflow_dispatch: null },
    permissions: {},
    jobs: {
      proofs: jobOf(60, "npm ci", { run: "npm run test:proofs" }),
      fuzz: jobOf(60, "npm ci", { run: "npm run test:fuzz" }),
      audit: jobOf(10, "npm ci --ignore-scripts", { run: "npm run check:audit -- --all --strict" }),
    },
  });
});

it("mutation.yml tests the mutants of all folders on Saturdays", () => {
  expect(readWorkflow("mutation.yml")).toEqual({
    name: "Mutation",
    on: { schedule: [{ cron: "17 1 * * 6" }], workflow_dispatch: null },
    permissions: {},
    jobs: { mutation: jobOf(350, "npm ci", { run: "npm run test:mutation", env: { MUTATION_WORKERS: 4 } }) },
  });
});
