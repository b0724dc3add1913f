import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { root } from "../support/pages.js";
import { githubExpression, readWorkflow } from "../support/workflows.js";

describe("ci.yml", () => {
  const { jobs, ...workflow } = readWorkflow("ci.yml");

  it("runs for every change of main, for pull requests and weekly, and cancels runs of pull requests only", () => {
    // The run of a later push does not check what an earlier push changed.
    const group = [
      githubExpression("github.workflow"),
      githubExpression("github.event.pull_request.number || github.run_id"),
    ];
    expect(workflow).toEqual({
      name: "CI",
      on: { push: { branches: ["main"] }, pull_request: null, schedule: [{ cron: "41 4 * * 1" }] },
      permissions: {},
      concurrency: { group: group.join("-"), "cancel-in-progress": true },
    });
    expect(Object.keys(jobs)).toEqual(["ci", "systems"]);
  });

  it("runs everything on Linux with every line of Node.js", () => {
    // The API reports are compared with the commit before the push, which may have several commits.
    const conditions = ["github.event_name == 'push'", "!github.event.forced", "!github.event.created"];
    const base = githubExpression(`${[...conditions, "github.event.before"].join(" && ")} || ''`);
    expect(jobs["ci"]).toEqual({
      name: `Node.js ${githubExpression("matrix.node")}`,
      "runs-on": "ubuntu-24.04",
      "timeout-minutes": 45,
      permissions: { contents: "read" },
      strategy: { "fail-fast": false, matrix: { node: [20, 22, 24, 26] } },
      steps: [
        { uses: "actions/checkout", with: { "persist-credentials": false, "fetch-depth": 0 } },
        { uses: "actions/setup-node", with: { "node-version": githubExpression("matrix.node") } },
        { run: "bash .ci/run", env: { CHANGELOG_BASE: base } },
      ],
    });
  });

  it("runs the tests of the source, the examples and the tarball on macOS and Windows", () => {
    const tarball = [
      "npm pack --ignore-scripts",
      "mkdir consumer",
      "cd consumer",
      "npm init --yes > package.log",
      "npm install ../wise-card-kiosk-*.tgz",
      "npx wise-card-kiosk explain PRD_HOPPER_JAM",
      "node --print \"require('wise-card-kiosk').describeErrorCode('production', 'PRD_HOPPER_JAM').meaning\"",
      "node --input-type=module --eval \"import { parseProduction } from 'wise-card-kiosk'; console.log(parseProduction({ status: 'READY' }))\"",
    ];
    expect(jobs["systems"]).toEqual({
      name: githubExpression("matrix.os"),
      "runs-on": githubExpression("matrix.os"),
      "timeout-minutes": 60,
      permissions: { contents: "read" },
      strategy: {
        "fail-fast": false,
        matrix: {
          include: [
            { os: "macos-15", chrome: "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" },
            { os: "windows-2025", chrome: "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe" },
          ],
        },
      },
      defaults: { run: { shell: "bash" } },
      env: { CHROME_PATH: githubExpression("matrix.chrome") },
      steps: [
        { uses: "actions/checkout", with: { "persist-credentials": false } },
        { uses: "actions/setup-node", with: { "node-version": 24 } },
        { run: "npm ci" },
        { run: "npm run build" },
        { run: "npx vitest run --project source" },
        { run: "npm run test:examples" },
        { run: "npm run demo" },
        { name: "Install the tarball, and call it", run: `${tarball.join("\n")}\n` },
      ],
    });
  });
});

it(".ci/run stops at the first failure, and runs every check and every test but those that run at night", () => {
  const lines = readFileSync(new URL(".ci/run", root), "utf8").split("\n");
  expect(lines.filter((line) => line !== "" && !line.startsWith("#"))).toEqual([
    "set -euo pipefail",
    'cd "$(dirname "$0")/.."',
    "npm ci",
    "npm run check",
    "npm run check:audit",
    "npm test",
    "npm run test:examples",
    "npm run test:package",
    "npm run test:runtimes",
    "npm run test:types",
    "npm run demo",
  ]);
});
