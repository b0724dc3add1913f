import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { describe, expect, it } from "vitest";
import { consumer } from "../support/consumer.js";

/** What a program imports, and the maximum size of its bundle without undici: minified, compressed with gzip, in bytes. */
const BUDGETS = [
  ['export * from "wise-card-kiosk/webhooks"', 16_000],
  ['export * from "wise-card-kiosk/schemas"', 10_000],
  ['export { WiseKioskClient } from "wise-card-kiosk"', 32_750],
  ['export { describeErrorCode } from "wise-card-kiosk"', 4_000],
] as const;

/** Bundles a program with the installed package. Returns its compressed size, and the minified size of each package in it. */
async function bundle(program: string): Promise<{ compressed: number; packages: Record<string, number> }> {
  const { outputFiles, metafile } = await build({
    stdin: { contents: program, resolveDir: consumer().folder },
    absWorkingDir: consumer().folder,
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    format: "esm",
    platform: "node",
    mainFields: ["module", "main"],
    external: ["undici"],
    logLevel: "silent",
  });
  const packages: Record<string, number> = {};
  for (const { inputs } of Object.values(metafile.outputs)) {
    for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
      const name = /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? "the program";
      packages[name] = (packages[name] ?? 0) + bytesInOutput;
    }
  }
  return { compressed: gzipSync(outputFiles[0]?.contents ?? "", { level: 9 }).length, packages };
}

describe("the size of a bundle", () => {
  it.each(BUDGETS)("%s takes at most %i bytes, minified and compressed", async (program, budget) => {
    const { compressed, packages } = await bundle(program);
    const parts = Object.entries(packages).map(([name, bytes]) => `${name} ${bytes}`);
    console.log(`${program}\n  ${compressed} of ${budget} bytes compressed; minified: ${parts.join(", ")}`);
    expect(compressed).toBeLessThanOrEqual(budget);
  });

  it("a program that imports a constant contains no package but this one", async () => {
    const { packages } = await bundle('export { PRODUCTION_ERROR_CODES } from "wise-card-kiosk"');
    expect(Object.keys(packages).sort()).toEqual(["the program", "wise-card-kiosk"]);
  });
});
