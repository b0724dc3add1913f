// Fails if an API report changed and CHANGELOG.md does not say so: since an earlier commit, or in what is not committed.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { parseChangelog } from "../../../.github/release/changelog.mjs";

const REPORTS = ":(glob)test/package/api/*.api.md";
const CHANGELOG = "CHANGELOG.md";

const head = revision("HEAD");
if (head === undefined) {
  console.log("Compared no API reports with CHANGELOG.md: there is no git, or no commit here.");
} else {
  const uncommitted = lines(git("diff", "--name-only", "HEAD", "--", REPORTS)).concat(
    lines(git("diff", "--name-only", "--cached", "HEAD", "--", REPORTS)),
    lines(git("ls-files", "--others", "--exclude-standard", "--", REPORTS)),
  );
  const now = existsSync(CHANGELOG) ? readFileSync(CHANGELOG, "utf8") : "";
  // What comes next in a branch is compared with the same commit of the main branch, so a line of the branch counts for it.
  const { base, inBranch } = findBase(head);
  if (!inBranch || newBullets(base, now).length === 0) check("HEAD", [...new Set(uncommitted)], now);
  if (base === undefined) {
    console.log("Compared no commits with CHANGELOG.md: the commit before HEAD is not in this clone.");
  } else {
    // A line that is not committed yet counts too: it comes with the same change.
    check(base, lines(git("diff", "--name-only", base, "HEAD", "--", REPORTS)), now);
  }
}

/** Reports files that changed since a revision without a new line in the open section. */
function check(since, changed, changelog) {
  if (changed.length === 0 || newBullets(since, changelog).length > 0) return;
  console.error(
    `Changed since ${since.slice(0, 10)}: ${changed.join(", ")}. Say what that means for users in the section "Unreleased" of CHANGELOG.md.`,
  );
  process.exitCode = 1;
}

/** Returns the bullets of the open section that the changelog of a revision has nowhere. One that only moved or wrapped is not new. */
function newBullets(since, changelog) {
  const known = new Set(bullets(git("show", `${since}:./${CHANGELOG}`)));
  return bullets(openSection(since, changelog)?.text).filter((bullet) => !known.has(bullet));
}

/** Returns the bullets of a Markdown text, each in one line with single spaces, and without comments. */
function bullets(text = "") {
  const visible = text.replace(/<!--.*?(-->|$)/gs, "");
  const blocks = visible.split(/\n(?=[ \t]*-(?:\s|$)|#)|\n\s*\n/).map((block) => block.replace(/\s+/g, " ").trim());
  return blocks.filter((block) => block.startsWith("- "));
}

/** Returns the open section or, if it got the name of a version, that section, unless the version was released before. */
function openSection(since, changelog) {
  const sections = parseChangelog(changelog);
  const open = sections.find(({ name }) => name === "Unreleased");
  if (open !== undefined) return open;
  const [first] = sections;
  const tag = first && revision(`v${first.name}`);
  const wasReleased = tag !== undefined && git("merge-base", "--is-ancestor", tag, since) !== undefined;
  return wasReleased ? undefined : first;
}

/** Returns the commit that HEAD is compared with: in a branch, the last one that the main branch has too, else the one before HEAD. */
function findBase(head) {
  const { CHANGELOG_BASE } = process.env;
  const main = revision(CHANGELOG_BASE || "origin/main");
  if (CHANGELOG_BASE && main === undefined) throw new Error(`CHANGELOG_BASE names no commit: ${CHANGELOG_BASE}`);
  const common = main && git("merge-base", main, head)?.trim();
  const inBranch = Boolean(common) && common !== head;
  return { base: inBranch ? common : revision("HEAD^1"), inBranch };
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
