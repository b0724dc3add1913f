/** Prints what changed in the version of package.json, for the release on GitHub. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseChangelog } from "./changelog.mjs";

/** @param {string} path */
const read = (path) => readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), "utf8");

const { version } = JSON.parse(read("package.json"));
const section = parseChangelog(read("CHANGELOG.md")).find(({ name }) => name === version);
if (section === undefined) throw new Error(`CHANGELOG.md has no section of ${version}.`);
console.log(section.text);
