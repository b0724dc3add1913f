import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { root } from "../support/pages.js";

/** Phrases that plain English says otherwise, and what it says. */
const AVOIDED: readonly (readonly [RegExp, string])[] = [
  [/\b(has|have) to be\b/i, "must be"],
  [/\bcan not\b/i, "cannot"],
  [/\b(host|server|event|key|page)s? of Wise's\b/i, "a Wise host"],
  [/(^|[,;:] )where (it|there|an?|no|the|this|that|one|none|nothing|neither|wise)\b/i, "if, when"],
  [/\b(is|are|was|be) told\b|\btells of\b|\bhears? of\b/i, "reports, is called with"],
  [/\bbeliev(e|es|ed)\b/i, "trust, accept"],
  [/\bsurely\b/i, "certainly, or nothing"],
  [/\b(no|some)body\b/i, "no one, someone, or the passive"],
  [/\bverdicts?\b|\bjudge[sd]?\b/i, "outcome, classify"],
  [/\bmend(s|ed|ing)?\b/i, "fix"],
  [/\breconnects?\b/i, "connect again"],
  [/\breject hoppers?\b/i, "reject box"],
  [/\banother ([\w`'-]+,? ){1,3}than\b/i, "a different X from, an X other than"],
  [/(?<!\bthere )\b(is|are|was|were) no (?!longer|one|more|reason|news|time at)/i, "is not a"],
  [/\b(http )?answer with (an? )?\d{3}\b/i, "respond with"],
];

const THIS_FILE = "test/documentation/wording.test.ts";

const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
  cwd: fileURLToPath(root),
  encoding: "utf8",
})
  .split("\n")
  // A file that was deleted is listed until that is committed.
  .filter((path) => existsSync(new URL(path, root)))
  .filter((path) => /\.(ts|mjs|cjs|js|md|yml)$/.test(path) && path !== THIS_FILE);

it.each(AVOIDED)("no file matches %s (write: %s)", (phrase) => {
  expect(files.length).toBeGreaterThan(400);
  const found = files.flatMap((path) => {
    const lines = readFileSync(new URL(path, root), "utf8").split("\n");
    return lines.flatMap((line, index) => (phrase.test(line) ? [`${path}:${index + 1}: ${line.trim()}`] : []));
  });
  expect(found).toEqual([]);
});
