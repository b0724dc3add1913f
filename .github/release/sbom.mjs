/**
 * Writes a CycloneDX list of what an installation of a tarball consists of:
 * `node .github/release/sbom.mjs <tarball> <file>`.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const [tarball, file] = process.argv.slice(2);
if (tarball === undefined || file === undefined) throw new Error("Usage: sbom.mjs <tarball> <file>");

const folder = mkdtempSync(join(tmpdir(), "wise-card-kiosk-sbom-"));
try {
  writeFileSync(join(folder, "package.json"), '{ "name": "installation", "version": "0.0.0", "private": true }\n');
  npm("install", "--ignore-scripts", "--omit=peer", "--no-audit", "--no-fund", resolve(tarball));
  const installed = JSON.parse(readFileSync(join(folder, "node_modules/wise-card-kiosk/package.json"), "utf8"));
  const described = describePackage(JSON.parse(npm("sbom", "--sbom-format=cyclonedx")), installed);
  writeFileSync(file, `${JSON.stringify(described, null, 2)}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/**
 * Makes the package the subject, in place of the project that it is installed in.
 *
 * @param {any} sbom
 * @param {{ name: string, version: string }} manifest
 */
function describePackage(sbom, { name, version }) {
  const ref = `${name}@${version}`;
  const subject = sbom.components.find((/** @type {any} */ component) => component["bom-ref"] === ref);
  if (subject === undefined) throw new Error(`The list does not contain ${ref}.`);
  const project = sbom.metadata.component["bom-ref"];
  // They describe the temporary folder.
  const { properties: _properties, externalReferences, ...component } = subject;
  const references = externalReferences?.filter((/** @type {any} */ { url }) => !url.startsWith("file:"));
  return {
    ...sbom,
    metadata: { ...sbom.metadata, component: { ...component, externalReferences: references } },
    components: sbom.components.filter((/** @type {any} */ each) => each !== subject),
    dependencies: sbom.dependencies.filter((/** @type {any} */ dependency) => dependency.ref !== project),
  };
}

/** @param {string[]} args */
function npm(...args) {
  return execFileSync("npm", args, { cwd: folder, encoding: "utf8", shell: process.platform === "win32" });
}
