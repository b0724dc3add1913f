import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import manifest from "../../package.json";
import { consumer } from "../support/consumer.js";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** The name of a shared chunk ends with a hash of its content. */
const HASH = /-([\w-]{8})(?=\.(js|d\.ts)$)/;

describe("the tarball", () => {
  it("contains only the build, LICENSE, README.md and package.json", () => {
    const others = consumer().files.filter((file) => !/^dist\/[\w/-]+\.(js|d\.ts)$/.test(file));
    expect(others.sort()).toEqual(["LICENSE", "README.md", "dist/cjs/package.json", "package.json"]);
  });

  it("contains exactly the listed files", async () => {
    const files = consumer().files.map((file) => file.replace(HASH, "-<hash>"));
    const listing = [...new Set(files)].sort().join("\n");
    await expect(`${listing}\n`).toMatchFileSnapshot("tarball-files.txt");
  });

  it("contains no chunk that no other file imports", () => {
    const installed = join(consumer().folder, "node_modules", manifest.name);
    const text = consumer()
      .files.map((file) => readFileSync(join(installed, file), "utf8"))
      .join("\n");
    const chunks = consumer().files.flatMap((file) => HASH.exec(file)?.[1] ?? []);
    expect(chunks.length).toBeGreaterThan(20);
    expect(chunks.filter((hash) => !text.includes(`-${hash}.`))).toEqual([]);
  });

  it("contains every file that package.json references", () => {
    const targets = [...JSON.stringify([manifest.exports, manifest.typesVersions]).matchAll(/"\.\/(dist[^"]+)"/g)];
    const paths = [manifest.main, manifest.types].map((path) => path.replace("./", ""));
    expect(consumer().files).toEqual(expect.arrayContaining([...paths, ...targets.map(([, path]) => path)]));
  });

  it("contains the folder that LICENSE names", () => {
    const [, folder] = /`([^`]+)`/.exec(readFileSync(join(root, "LICENSE"), "utf8")) ?? [];
    expect(consumer().files.filter((file) => file.startsWith(`${folder}/`))).not.toEqual([]);
  });

  it("stays below 350 kB", () => {
    expect(consumer().size).toBeLessThan(350_000);
  });

  it("contains no path of the machine that built it", () => {
    const installed = join(consumer().folder, "node_modules", manifest.name);
    const revealing = consumer().files.filter((file) => readFileSync(join(installed, file), "utf8").includes(root));
    expect(revealing).toEqual([]);
  });
});

describe("the dependencies of the package", () => {
  it("the package installs only undici, zod and jose", () => {
    expect([...consumer().packages].sort()).toEqual(["jose", "undici", "wise-card-kiosk", "zod"]);
  });
});
