// Fails if an API report changed and CHANGELOG.md does not say so: since an earlier commit, or in what is not committed.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";

const REPORTS = ":(glob)test/package/api/*.api.md";
const CHANGELOG = "CHANGELOG.md";

const head = revision("HEAD");
if (head === undefined) {
  console.log("Compared no API reports with CHANGELOG.md: there is no git, or no commit here.");
} else {
  const base = findBase(head);
  if (base === undefined)
    console.log("Compared no commits with CHANGELOG.md: the commit before HEAD is not in this clone.");
  const uncommitted = lines(git("diff", "--name-only", "HEAD", "--", REPORTS)).concat(
    lines(git("diff", "--name-only", "--cached", "HEAD", "--", REPORTS)),
    lines(git("ls-files", "--others", "--exclude-standard", "--", REPORTS)),
  );
  const now = existsSync(CHANGELOG) ? readFileSync(CHANGELOG, "utf8") : "";
  check("HEAD", [...new Set(uncommitted)], changelogAt("HEAD"), now);
  if (base !== undefined) {
    // A line that is not committed yet counts too: it comes with the same change.
    check(base.slice(0, 10), lines(git("diff", "--name-only", base, "HEAD", "--", REPORTS)), changelogAt(base), now);
  }
}

/** Reports files that changed since a revision without a new line in the open section. */
function check(since, changed, before, after) {
  if (changed.length === 0 || newLines(before, after).length > 0) return;
  console.error(
    `Changed since ${since}: ${changed.join(", ")}. Say what that means for users in the section "Unreleased" of CHANGELOG.md.`,
  );
  process.exitCode = 1;
}

/** Returns the lines of the open section that are nowhere in the text before. A line that only moved is not new. */
function newLines(before, after) {
  const known = new Set(lines(before));
  const [, open = ""] =
    /^## Unreleased[^\n]*\n([\s\S]*?)(?=^## |$(?![\s\S]))/m.exec(after.replaceAll("\r\n", "\n")) ?? [];
  return lines(open).filter((line) => !line.startsWith("#") && !known.has(line));
}

/** Returns the commit that HEAD is compared with: the last one that the main branch has too or, on that branch, the commit before HEAD. */
function findBase(head) {
  const { CHANGELOG_BASE } = process.env;
  const main = revision(CHANGELOG_BASE || "origin/main");
  if (CHANGELOG_BASE && main === undefined) throw new Error(`CHANGELOG_BASE names no commit: ${CHANGELOG_BASE}`);
  const common = main && git("merge-base", main, head)?.trim();
  return common && common !== head ? common : revision("HEAD^1");
}

function changelogAt(commit) {
  return git("show", `${commit}:./${CHANGELOG}`) ?? "";
}

function revision(name) {
  return git("rev-parse", "--verify", "--quiet", `${name}^{commit}`)?.trim();
}

/** Returns what git prints, or `undefined` if it fails or is missing. */
function git(...args) {
  const { status, stdout } = spawnSync("git", args, { encoding: "utf8" });
  return status === 0 ? stdout : undefined;
}

/** Returns the lines of a text that are not empty, without the spaces around them. */
function lines(text = "") {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}
