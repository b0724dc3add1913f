import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterEach, beforeEach, expect, it } from "vitest";

const RULE = fileURLToPath(new URL("../package/api/changelog-rule.mjs", import.meta.url));
const REPORT = "test/package/api/webhooks.api.md";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "wise-card-kiosk-changelog-"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function git(...args: string[]): string {
  const settings = [
    "user.name=Test",
    "user.email=test@example.com",
    "commit.gpgsign=false",
    "core.hooksPath=/dev/null",
  ];
  const options = settings.flatMap((setting) => ["-c", setting]);
  return execFileSync("git", [...options, ...args], {
    cwd: folder,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
}

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

/** Writes a changelog with these lines in its open section, above a released one. */
function writeChangelog(...lines: string[]): void {
  const open = lines.map((line) => `- ${line}\n`).join("");
  write(
    "CHANGELOG.md",
    `# Changelog\n\n## Unreleased\n\n### Added\n\n${open}\n## 0.1.0\n\n### Added\n\n- The client.\n`,
  );
}

function commit(message: string): void {
  git("add", "--all");
  git("commit", "--allow-empty", "--message", message);
}

/** Creates a repository with a report and a changelog, each committed twice. */
function createRepository(): void {
  git("init", "--initial-branch", "main");
  write(REPORT, "one");
  writeChangelog("The first change.");
  commit("first");
  commit("second");
}

interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function checkRule(cwd: string = folder, env: NodeJS.ProcessEnv = {}): Outcome {
  const { status, stdout, stderr } = spawnSync(process.execPath, [RULE], {
    cwd,
    encoding: "utf8",
    env: { ...process.env, CHANGELOG_BASE: "", GIT_CEILING_DIRECTORIES: dirname(folder), ...env },
  });
  return { status, stdout, stderr };
}

const PASSED: Outcome = { status: 0, stdout: "", stderr: "" };

const failedSince = (since: string, report = REPORT): Outcome => ({
  status: 1,
  stdout: "",
  stderr: `Changed since ${since}: ${report}. Say what that means for users in the section "Unreleased" of CHANGELOG.md.\n`,
});

const shortHash = (revision: string): string => git("rev-parse", revision).slice(0, 10);

it("a report that changed without a line in the changelog fails, uncommitted and committed", () => {
  createRepository();
  expect(checkRule()).toEqual(PASSED);
  write(REPORT, "two");
  expect(checkRule()).toEqual(failedSince("HEAD"));
  git("add", "--all");
  expect(checkRule()).toEqual(failedSince("HEAD"));
  commit("third");
  expect(checkRule()).toEqual(failedSince(shortHash("HEAD^")));
  commit("fourth");
  expect(checkRule()).toEqual(PASSED);
});

it("a report that changed with a line in the changelog passes, uncommitted and committed", () => {
  createRepository();
  write(REPORT, "two");
  writeChangelog("The first change.", "The second change.");
  expect(checkRule()).toEqual(PASSED);
  commit("third");
  expect(checkRule()).toEqual(PASSED);
});

it("a line of the open section that changed is enough for a report that changed", () => {
  createRepository();
  write(REPORT, "two");
  writeChangelog("The first change, in other words.");
  expect(checkRule()).toEqual(PASSED);
});

it("a bullet that is new is enough for a report that changed, also if it is wrapped and has no empty line before it", () => {
  createRepository();
  const text = git("show", "HEAD:CHANGELOG.md");
  write(REPORT, "two");
  write("CHANGELOG.md", text.replace("- The first change.", "- The first\n  change.\n- The second\n  change."));
  expect(checkRule()).toEqual(PASSED);
});

it("a report that is new or deleted needs a line in the changelog too", () => {
  createRepository();
  const added = "test/package/api/added.api.md";
  write(added, "one");
  expect(checkRule()).toEqual(failedSince("HEAD", added));
  rmSync(join(folder, added));
  rmSync(join(folder, REPORT));
  expect(checkRule()).toEqual(failedSince("HEAD"));
});

it.each([
  ["a line of a released section", "- The client.", "- The client.\n- Another line."],
  ["a new heading", "### Added\n\n- The first", "### Changed\n\n- The first"],
  ["a line that moved from a released section", "- The first change.", "- The first change.\n- The client."],
  ["a doubled space in a line", "- The first change.", "- The first  change."],
  ["a line that is wrapped", "- The first change.", "- The first\n  change."],
  ["a line that is indented", "- The first change.", "  - The first change."],
  ["a comment", "- The first change.", "- The first change.\n<!-- todo -->\n- <!--\n- todo -->"],
  ["a line that begins no bullet", "- The first change.", "- The first change.\n\nWith more words."],
  ["a bullet without words", "- The first change.", "- The first change.\n- "],
])("%s is not enough for a report that changed", (_what, from, to) => {
  createRepository();
  const text = git("show", "HEAD:CHANGELOG.md");
  write("CHANGELOG.md", text.replace(from, to));
  expect(checkRule()).toEqual(PASSED);
  write(REPORT, "two");
  expect(checkRule()).toEqual(failedSince("HEAD"));
});

it("a branch is compared with the last commit that the main branch has too", () => {
  createRepository();
  const base = shortHash("HEAD");
  git("update-ref", "refs/remotes/origin/main", "HEAD");
  git("switch", "--create", "feature");
  write(REPORT, "two");
  commit("third");
  commit("fourth");
  expect(checkRule()).toEqual(failedSince(base));
  expect(checkRule(folder, { CHANGELOG_BASE: "HEAD^" })).toEqual(PASSED);
  writeChangelog("The first change.", "The second change.");
  commit("fifth");
  expect(checkRule()).toEqual(PASSED);
});

it("a push of several commits to the main branch is compared with the commit before it", () => {
  createRepository();
  const before = git("rev-parse", "HEAD").trim();
  write(REPORT, "two");
  commit("third");
  commit("fourth");
  git("update-ref", "refs/remotes/origin/main", "HEAD");
  expect(checkRule(folder, { CHANGELOG_BASE: before })).toEqual(failedSince(shortHash(before)));
  writeChangelog("The first change.", "The second change.");
  commit("fifth");
  expect(checkRule(folder, { CHANGELOG_BASE: before })).toEqual(PASSED);
});

it("a line that a branch committed counts for a report of the same branch that is not committed", () => {
  createRepository();
  git("update-ref", "refs/remotes/origin/main", "HEAD");
  git("switch", "--create", "feature");
  write(REPORT, "two");
  writeChangelog("The first change.", "The second change.");
  commit("third");
  write(REPORT, "three");
  expect(checkRule()).toEqual(PASSED);
  // On the main branch it comes with another commit, which needs a line of its own.
  git("update-ref", "refs/remotes/origin/main", "HEAD");
  expect(checkRule()).toEqual(failedSince("HEAD"));
});

it("a line of the open section counts if a branch gives that section its version, in the branch and once it is merged", () => {
  createRepository();
  git("update-ref", "refs/remotes/origin/main", "HEAD");
  git("switch", "--create", "feature");
  write(REPORT, "two");
  const open = git("show", "HEAD:CHANGELOG.md");
  const released = open.replace("## Unreleased", "## 0.2.0 - 2026-11-26");
  write("CHANGELOG.md", released);
  expect(checkRule()).toEqual(failedSince("HEAD"));
  write("CHANGELOG.md", released.replace("- The first change.", "- The first change.\n- The second change."));
  expect(checkRule()).toEqual(PASSED);
  commit("third");
  expect(checkRule()).toEqual(PASSED);
  git("switch", "main");
  git("merge", "--no-ff", "--message", "merge", "feature");
  git("update-ref", "refs/remotes/origin/main", "HEAD");
  git("tag", "v0.2.0");
  expect(checkRule()).toEqual(PASSED);
});

it("a line in the section of a version that was released before is not enough for a report that changed", () => {
  createRepository();
  const released = git("show", "HEAD:CHANGELOG.md").replace("## Unreleased", "## 0.2.0 - 2026-11-26");
  write("CHANGELOG.md", released);
  commit("third");
  git("tag", "v0.2.0");
  write(REPORT, "two");
  write("CHANGELOG.md", released.replace("- The first change.", "- The first change.\n- The second change."));
  expect(checkRule()).toEqual(failedSince("HEAD"));
});

it("a CHANGELOG_BASE that names no commit fails", () => {
  createRepository();
  expect(checkRule(folder, { CHANGELOG_BASE: "nowhere" })).toMatchObject({
    status: 1,
    stderr: expect.stringContaining("CHANGELOG_BASE names no commit: nowhere"),
  });
});

it("a shallow clone checks what is not committed, and says that it compared no commits", () => {
  createRepository();
  const clone = join(folder, "clone");
  git("clone", "--depth", "1", "--no-single-branch", pathToFileURL(folder).href, clone);
  const stdout = "Compared no commits with CHANGELOG.md: the commit before HEAD is not in this clone.\n";
  expect(checkRule(clone)).toEqual({ ...PASSED, stdout });
  writeFileSync(join(clone, REPORT), "two");
  expect(checkRule(clone)).toEqual({ ...failedSince("HEAD"), stdout });
});

it("without a repository, a commit or git, nothing is compared", () => {
  const stdout = "Compared no API reports with CHANGELOG.md: there is no git, or no commit here.\n";
  write(REPORT, "one");
  expect(checkRule()).toEqual({ ...PASSED, stdout });
  git("init");
  expect(checkRule()).toEqual({ ...PASSED, stdout });
  createRepository();
  write(REPORT, "two");
  expect(checkRule(folder, { PATH: "/nowhere", Path: "/nowhere" })).toEqual({ ...PASSED, stdout });
});
