import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { copyRepository, type RepositoryCopy } from "../support/repository-copy.js";

const { version } = manifest;
const READY = `# Changelog\n\n## ${version} - 2026-11-26\n\n### Added\n\n- A client.\n`;

/** The files that are published or checked before, and those that check them. */
const RELEASED = /^(package\.json|README\.md|LICENSE|\.npmrc|\.github\/.*|examples\/testing\/[^/]+\/package\.json)$/;

/** Returns a copy with an owner and a changelog. */
function releasable(changelog = READY): RepositoryCopy {
  const copy = copyRepository(RELEASED);
  run(copy, "set-owner.mjs", "your-bank");
  copy.write("CHANGELOG.md", changelog);
  return copy;
}

function run({ folder }: RepositoryCopy, script: string, ...args: string[]) {
  return spawnSync(process.execPath, [join(folder, ".github/release", script), ...args], { encoding: "utf8" });
}

describe("check-release", () => {
  it("accepts a version with an owner, a dated section and its tag", () => {
    using copy = releasable();
    expect(run(copy, "check-release.mjs")).toMatchObject({ status: 0, stderr: "" });
    const ofRelease = [`v${version}`, "your-bank/wise-card-kiosk"];
    expect(run(copy, "check-release.mjs", ...ofRelease)).toMatchObject({ status: 0, stderr: "" });
  });

  it("accepts an open section without lines, above that of the version", () => {
    using copy = releasable(READY.replace("## ", "## Unreleased\n\n## "));
    expect(run(copy, "check-release.mjs").status).toBe(0);
  });

  it.each([
    ["open lines", READY.replace("## ", "## Unreleased\n\n- Another client.\n\n## "), "open lines"],
    ["no section of the version", READY.replace(version, "9.9.9"), "no section of this version"],
    ["a section without a date", READY.replace(" - 2026-11-26", ""), "must have a date"],
    ["a section with an impossible date", READY.replace("2026-11-26", "2026-13-01"), "must have a date"],
    ["a section without lines", READY.replace("- A client.", ""), "at least one line"],
    ["a newer section", READY.replace("## ", "## 99.0.0 - 2026-11-26\n\n- Later.\n\n## "), "must be the first"],
    [
      "two lines about the same",
      `${READY}- **Calls.** New.\n- **Waits.** New.\n- **Calls.** Old.\n`,
      'about "Calls." under',
    ],
    ["only an open section", READY.replace(`${version} - 2026-11-26`, "Unreleased"), "open lines"],
    ["no sections", "# Changelog\n", "no section of this version"],
  ])("refuses a changelog with %s", (_what, changelog, reason) => {
    using copy = releasable(changelog);
    const { status, stderr } = run(copy, "check-release.mjs");
    expect(status).toBe(1);
    expect(stderr).toContain(reason);
  });

  it("accepts lines about the same under different headings", () => {
    using copy = releasable(`${READY}- **Calls.** New.\n\n### Fixed\n\n- **Calls.** Corrected.\n`);
    expect(run(copy, "check-release.mjs").status).toBe(0);
  });

  it("accepts the newest section of this repository's changelog, once it is named after the version", () => {
    const changelog = readFileSync(new URL("../../CHANGELOG.md", import.meta.url), "utf8");
    using copy = releasable(changelog.replace(/^## .*(?=\n\n###)/m, `## ${version} - 2026-11-26`));
    expect(run(copy, "check-release.mjs")).toMatchObject({ status: 0, stderr: "" });
  });

  it.each(["v9.9.9", version, `v${version}-beta`])("refuses the tag %s", (tag) => {
    using copy = releasable();
    const { status, stderr } = run(copy, "check-release.mjs", tag);
    expect(status).toBe(1);
    expect(stderr).toContain("is not the version of package.json");
  });

  it("refuses a prerelease, which npm does not publish without a tag of its own", () => {
    const prerelease = "9.9.0-beta.1";
    using copy = releasable(READY.replace(version, prerelease));
    copy.write(
      "package.json",
      copy.read("package.json").replace(`"version": "${version}"`, `"version": "${prerelease}"`),
    );
    const { status, stderr } = run(copy, "check-release.mjs", `v${prerelease}`, "your-bank/wise-card-kiosk");
    expect(status).toBe(1);
    expect(stderr).toContain(
      `${prerelease} is a prerelease, which is not published: every release here becomes the latest version on npm.\n`,
    );
  });

  it("refuses a version that the examples do not install", () => {
    using copy = releasable(READY.replace(version, "9.9.0"));
    copy.write("package.json", copy.read("package.json").replace(`"version": "${version}"`, '"version": "9.9.0"'));
    const { status, stderr } = run(copy, "check-release.mjs");
    expect(status).toBe(1);
    const faults = ["bun", "jest", "node-test", "vitest"].map(
      (example) =>
        `examples/testing/${example}/package.json has wise-card-kiosk at ^${version}, which must be ^9.9.0.\n`,
    );
    expect(stderr).toBe(`${faults.join("")}Nothing was published.\n`);
  });

  it("refuses a repository other than that of package.json", () => {
    using copy = releasable();
    const { status, stderr } = run(copy, "check-release.mjs", `v${version}`, "a-stranger/wise-card-kiosk");
    expect(status).toBe(1);
    expect(stderr).toContain("The repository of package.json is your-bank/wise-card-kiosk, but this is a-stranger/");
  });

  it("refuses a package without an owner", () => {
    using copy = copyRepository(RELEASED);
    copy.write("CHANGELOG.md", READY);
    const { status, stderr } = run(copy, "check-release.mjs");
    expect(status).toBe(1);
    expect(stderr).toContain("npm run set-owner -- <owner>");
  });
});

it("release-notes prints the lines of the version", () => {
  using copy = releasable(`${READY}\n## 0.0.1 - 2026-01-01\n\n- Earlier.\n`);
  expect(run(copy, "release-notes.mjs")).toMatchObject({ status: 0, stdout: "### Added\n\n- A client.\n" });
});

describe("npm publish", () => {
  /** Publishes nothing, but runs the checks of `prepublishOnly` that take no hours. */
  function publish(copy: RepositoryCopy) {
    const changed = JSON.parse(copy.read("package.json"));
    const [first, ...others] = manifest.scripts.prepublishOnly.split(" && ");
    expect(first).toBe("npm run check:release");
    expect(others).toEqual(["npm run check", "npm run test:all"]);
    changed.scripts.prepublishOnly = first;
    copy.write("package.json", JSON.stringify(changed));
    return spawnSync("npm", ["publish", "--dry-run", "--offline"], {
      cwd: copy.folder,
      encoding: "utf8",
      shell: process.platform === "win32",
    });
  }

  it("is refused while the owner is not set", () => {
    using copy = copyRepository(RELEASED);
    copy.write("CHANGELOG.md", READY);
    const { status, stderr } = publish(copy);
    expect(status).not.toBe(0);
    expect(stderr).toContain("The owner of the repository is not set");
    expect(stderr).toContain("Nothing was published.");
  });

  it("is accepted once the owner is set", () => {
    using copy = releasable();
    const { status, stderr, stdout } = publish(copy);
    expect(stderr).not.toContain("Nothing was published.");
    expect(status).toBe(0);
    expect(stdout).toContain(`+ ${manifest.name}@${version}`);
  });
});
