import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { consumer } from "../support/consumer.js";

it("the list of components describes this tarball and what it installs, and no folder of this machine", () => {
  const { tarball, folder, packages } = consumer();
  const file = join(folder, "sbom.cdx.json");
  const script = fileURLToPath(new URL("../../.github/release/sbom.mjs", import.meta.url));
  execFileSync(process.execPath, [script, tarball, file], { timeout: 250_000 });
  const text = readFileSync(file, "utf8");
  const { bomFormat, metadata, components, dependencies } = JSON.parse(text);
  expect(bomFormat).toBe("CycloneDX");
  const sha512 = createHash("sha512").update(readFileSync(tarball)).digest("hex");
  expect(metadata.component).toMatchObject({
    name: manifest.name,
    version: manifest.version,
    purl: `pkg:npm/${manifest.name}@${manifest.version}`,
    hashes: [{ alg: "SHA-512", content: sha512 }],
  });
  const names = (components as { name: string }[]).map(({ name }) => name);
  expect([...names, manifest.name].sort()).toEqual([...packages].sort());
  const ownReference = `${manifest.name}@${manifest.version}`;
  const [own] = (dependencies as { ref: string; dependsOn: string[] }[]).filter(({ ref }) => ref === ownReference);
  expect(own?.dependsOn.map((ref) => ref.replace(/@[^@]*$/, "")).sort()).toEqual(
    Object.keys(manifest.dependencies).sort(),
  );
  expect(text).not.toMatch(/file:|installation|[/\\]tmp[/\\]/);
});
