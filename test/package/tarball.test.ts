import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import manifest from "../../package.json";
import { consumer } from "../support/consumer.js";

const root = fileURLToPath(new URL("../..", import.meta.url));

describe("the tarball", () => {
  it("holds the build, and what a user is to read, and nothing else", () => {
    const others = consumer().files.filter((file) => !/^dist\/[\w/-]+\.(js|cjs|d\.ts|d\.cts)$/.test(file));
    expect(others.sort()).toEqual(["CHANGELOG.md", "LICENSE", "README.md", "package.json"]);
  });

  it("holds every file that package.json leads to", () => {
    const targets = [...JSON.stringify([manifest.exports, manifest.typesVersions]).matchAll(/"\.\/(dist[^"]+)"/g)];
    const paths = [manifest.main, manifest.types].map((path) => path.replace("./", ""));
    expect(consumer().files).toEqual(expect.arrayContaining([...paths, ...targets.map(([, path]) => path)]));
  });

  it("stays small", () => {
    expect(consumer().size).toBeLessThan(300_000);
  });

  it("names no folder of the machine that built it", () => {
    const installed = join(consumer().folder, "node_modules", manifest.name);
    const telling = consumer().files.filter((file) => readFileSync(join(installed, file), "utf8").includes(root));
    expect(telling).toEqual([]);
  });
});

describe("what the package brings along", () => {
  it("is undici, zod and jose, and nothing else", () => {
    expect([...consumer().packages].sort()).toEqual(["jose", "undici", "wise-card-kiosk", "zod"]);
  });
});
