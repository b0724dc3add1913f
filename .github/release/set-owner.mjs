/** Sets the owner of the repository on GitHub, everywhere: `npm run set-owner -- <owner>`. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { isOwnerName, readOwner } from "./owner.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const [owner, ...more] = process.argv.slice(2);
if (!isOwnerName(owner) || more.length > 0) {
  console.error("Usage: npm run set-owner -- <owner>, with the name of a user or an organisation on GitHub.");
  process.exit(2);
}

const before = readOwner(root);
const changed = findTextFiles(root).filter((path) => replaceOwner(path));
for (const path of changed) console.log(relative(root, path));
console.log(`${changed.length} files: ${before} is now ${owner}`);

/**
 * Returns the files that may name the owner.
 *
 * @param {string} folder
 * @returns {string[]}
 */
function findTextFiles(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory())
      return /^(node_modules|dist|coverage|corpus|\.git)$/.test(entry.name) ? [] : findTextFiles(path);
    return /\.(json|md|mjs|ts|ya?ml)$|^(CODEOWNERS|LICENSE)$/.test(entry.name) ? [path] : [];
  });
}

/**
 * Replaces the owner in the URLs of the repository, and in CODEOWNERS. Returns whether the file has changed.
 *
 * @param {string} path
 */
function replaceOwner(path) {
  const text = readFileSync(path, "utf8");
  const withUrls = text.replaceAll(`github.com/${before}/wise-card-kiosk`, `github.com/${owner}/wise-card-kiosk`);
  const replaced = path.endsWith("CODEOWNERS") ? withUrls.replaceAll(`@${before}`, `@${owner}`) : withUrls;
  if (replaced === text) return false;
  writeFileSync(path, replaced);
  return true;
}
