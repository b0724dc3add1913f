/**
 * Refuses to publish what is not ready: `node .github/release/check-release.mjs [tag repository]`. The owner of the repository must be
 * set, the changelog must have the section of the version, which is not a prerelease, the examples must install that version, the tag
 * must be that version, and the repository must be that of package.json, because the provenance names it.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { findChangelogFaults } from "./changelog.mjs";
import { PLACEHOLDER, readOwner } from "./owner.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const [tag, repository] = process.argv.slice(2);
const { name, version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

const faults = findChangelogFaults(readFileSync(join(root, "CHANGELOG.md"), "utf8"), version);
if (readOwner(root) === PLACEHOLDER) {
  faults.unshift("The owner of the repository is not set: run `npm run set-owner -- <owner>`.");
}
if (version.includes("-")) {
  faults.push(
    `${version} is a prerelease, which is not published: every release here becomes the latest version on npm.`,
  );
}
for (const example of readdirSync(join(root, "examples/testing"))) {
  const path = `examples/testing/${example}/package.json`;
  const range = JSON.parse(readFileSync(join(root, path), "utf8")).dependencies[name];
  if (range !== `^${version}`) faults.push(`${path} has ${name} at ${range}, which must be ^${version}.`);
}
if (tag !== undefined && tag !== `v${version}`) {
  faults.push(`The tag ${tag} is not the version of package.json, which is ${version}.`);
}
if (repository !== undefined && repository !== `${readOwner(root)}/wise-card-kiosk`) {
  faults.push(`The repository of package.json is ${readOwner(root)}/wise-card-kiosk, but this is ${repository}.`);
}
for (const fault of faults) console.error(fault);
if (faults.length > 0) {
  console.error("Nothing was published.");
  process.exit(1);
}
console.log(`${version} can be released.`);
