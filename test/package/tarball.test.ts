import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import manifest from "../../package.json";
import { consumer } from "./consumer.js";

const root = fileURLToPath(new URL("../..", import.meta.url));

describe("the tarball", () => {
  test("holds the build, and what a user is to read, and nothing else", () => {
    const others = consumer().files.filter((file) => !/^dist\/[\w/-]+\.(js|cjs|d\.ts|d\.cts)$/.test(file));
    expect(others.sort()).toEqual(["CHANGELOG.md", "LICENSE", "README.md", "package.json"]);
  });

  test("holds every file that package.json leads to", () => {
    const targets = [...JSON.stringify([manifest.exports, manifest.typesVersions]).matchAll(/"\.\/(dist[^"]+)"/g)];
    const paths = [manifest.main, manifest.types].map((path) => path.replace("./", ""));
    expect(consumer().files).toEqual(expect.arrayContaining([...paths, ...targets.map(([, path]) => path)]));
  });

  test("stays small", () => {
    expect(consumer().size).toBeLessThan(300_000);
  });

  test("names no folder of the machine that built it", () => {
    const installed = join(consumer().folder, "node_modules", manifest.name);
    const telling = consumer().files.filter((file) => readFileSync(join(installed, file), "utf8").includes(root));
    expect(telling).toEqual([]);
  });
});

describe("what the package brings along", () => {
  test("is undici, zod and jose, and nothing else", () => {
    expect([...consumer().packages].sort()).toEqual(["jose", "undici", "wise-card-kiosk", "zod"]);
  });
});
