import { describe, expect, it } from "vitest";
import { githubExpression, readWorkflow } from "../support/workflows.js";

const { jobs, ...workflow } = readWorkflow("release.yml");
const actionsOf = (name: string): string[] => jobs[name]?.steps.map(({ uses = "" }) => uses) ?? [];

const SHA512 = githubExpression("needs.build.outputs.sha512");
const TARBALL = githubExpression("needs.build.outputs.tarball");
const DOWNLOAD = { uses: "actions/download-artifact", with: { name: "release", path: "release" } };
const COMPARE = {
  name: "Compare the files with those of the build",
  "working-directory": "release",
  run: 'echo "$SHA512" | sha512sum --check --strict',
};

const lines = (...all: string[]): string => `${all.join("\n")}\n`;

describe("release.yml", () => {
  it("runs for tags only, one after the other, and cancels none", () => {
    expect(workflow).toEqual({
      name: "Release",
      on: { push: { tags: ["v*"] } },
      permissions: {},
      concurrency: { group: "release", "cancel-in-progress": false },
    });
    expect(Object.keys(jobs)).toEqual(["build", "test", "publish", "github-release"]);
  });

  it("builds and packs in one job only, after it has checked the version, the changelog and the owner", () => {
    expect(jobs["build"]).toEqual({
      "runs-on": "ubuntu-24.04",
      "timeout-minutes": 30,
      permissions: { contents: "read" },
      outputs: {
        sha512: githubExpression("steps.sums.outputs.sha512"),
        tarball: githubExpression("steps.pack.outputs.tarball"),
      },
      steps: [
        // Without the whole history, there is no origin/main to compare with.
        { uses: "actions/checkout", with: { "fetch-depth": 0, "persist-credentials": false } },
        { uses: "actions/setup-node", with: { "node-version": 24, "package-manager-cache": false } },
        { name: "Refuse a tag outside the main branch", run: "git merge-base --is-ancestor HEAD origin/main" },
        {
          name: "Refuse a version that is not ready",
          env: { TAG: githubExpression("github.ref_name") },
          run: 'node .github/release/check-release.mjs "$TAG" "$GITHUB_REPOSITORY"',
        },
        { run: "npm ci" },
        { run: "npm run check" },
        {
          name: "Pack the build",
          id: "pack",
          run: lines(
            "mkdir release",
            'tarball="$(npm pack --ignore-scripts --pack-destination release | tail -n 1)"',
            'echo "tarball=$tarball" >> "$GITHUB_OUTPUT"',
          ),
        },
        {
          run: 'node .github/release/sbom.mjs "release/$TARBALL" release/sbom.cdx.json',
          env: { TARBALL: githubExpression("steps.pack.outputs.tarball") },
        },
        { run: "node .github/release/release-notes.mjs > release/notes.md" },
        {
          name: "Sum up the tarball, the list of its contents and the notes",
          id: "sums",
          "working-directory": "release",
          run: lines(
            'sums="$(sha512sum -- *)"',
            'echo "$sums"',
            '{ echo "sha512<<END"; echo "$sums"; echo "END"; } >> "$GITHUB_OUTPUT"',
          ),
        },
        {
          uses: "actions/upload-artifact",
          with: { name: "release", path: "release", "if-no-files-found": "error" },
        },
      ],
    });
  });

  it("runs every test but the fuzzer and the mutants, with the build of the tarball", () => {
    expect(jobs["test"]).toEqual({
      needs: "build",
      "runs-on": "ubuntu-24.04",
      "timeout-minutes": 60,
      permissions: { contents: "read" },
      strategy: {
        "fail-fast": false,
        matrix: {
          tests: [
            "npm test",
            "npm run test:examples",
            "npm run test:package",
            "npm run test:runtimes",
            "npm run test:types",
            "npm run test:proofs",
          ],
        },
      },
      env: { SHA512, PACKED_TARBALL: `${githubExpression("github.workspace")}/release/${TARBALL}` },
      steps: [
        { uses: "actions/checkout", with: { "persist-credentials": false } },
        { uses: "actions/setup-node", with: { "node-version": 24, "package-manager-cache": false } },
        DOWNLOAD,
        COMPARE,
        { run: "npm ci" },
        {
          name: "Take the build from the tarball",
          run: 'tar -xzf "$PACKED_TARBALL" --strip-components=1 package/dist',
        },
        { run: githubExpression("matrix.tests") },
      ],
    });
  });

  it("publishes the tarball after every test, with provenance and without scripts, in an environment of its own", () => {
    expect(jobs["publish"]).toEqual({
      needs: ["build", "test"],
      "runs-on": "ubuntu-24.04",
      "timeout-minutes": 15,
      environment: "npm",
      permissions: { attestations: "write", "id-token": "write" },
      env: { SHA512, TARBALL },
      steps: [
        {
          uses: "actions/setup-node",
          with: { "node-version": 24, "check-latest": true, "package-manager-cache": false },
        },
        DOWNLOAD,
        COMPARE,
        { uses: "actions/attest-build-provenance", with: { "subject-path": `release/${TARBALL}` } },
        {
          uses: "actions/attest-sbom",
          with: { "subject-path": `release/${TARBALL}`, "sbom-path": "release/sbom.cdx.json" },
        },
        { run: 'npm publish "./release/$TARBALL" --provenance --access public --ignore-scripts' },
      ],
    });
  });

  it("creates the release on GitHub after the package is published", () => {
    expect(jobs["github-release"]).toEqual({
      needs: ["build", "publish"],
      "runs-on": "ubuntu-24.04",
      "timeout-minutes": 15,
      permissions: { contents: "write" },
      env: { SHA512, TARBALL, TAG: githubExpression("github.ref_name") },
      steps: [
        DOWNLOAD,
        COMPARE,
        {
          run: 'gh release create "$TAG" "release/$TARBALL" release/sbom.cdx.json --verify-tag --title "$TAG" --notes-file release/notes.md',
          env: { GH_TOKEN: githubExpression("github.token"), GH_REPO: githubExpression("github.repository") },
        },
      ],
    });
  });

  it("attests the origin and the contents of the tarball before it is published", () => {
    const published = jobs["publish"]?.steps.findIndex(({ run = "" }) => run.startsWith("npm publish ")) ?? -1;
    const before = actionsOf("publish").slice(0, published);
    expect(before).toEqual(expect.arrayContaining(["actions/attest-build-provenance", "actions/attest-sbom"]));
  });

  it("compares the files with the build directly after each download", () => {
    for (const name of ["test", "publish", "github-release"]) {
      const download = actionsOf(name).indexOf("actions/download-artifact");
      expect(jobs[name]?.steps[download + 1]).toEqual(COMPARE);
    }
  });

  it("runs no code of the repository or of another package with more rights than to read", () => {
    for (const { permissions, steps } of Object.values(jobs)) {
      const runsOtherCode = steps.some(({ uses, run }) => uses === "actions/checkout" || run === "npm ci");
      if (runsOtherCode) expect(permissions).toEqual({ contents: "read" });
    }
  });

  it("restores no cache", () => {
    for (const { uses, with: inputs = {} } of Object.values(jobs).flatMap(({ steps }) => steps)) {
      expect(Object.keys(inputs)).not.toContain("cache");
      if (uses === "actions/setup-node") expect(inputs).toMatchObject({ "package-manager-cache": false });
    }
  });
});
