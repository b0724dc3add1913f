import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { type BundleCase, bundleProgram } from "../support/bundlers.js";
import { consumer } from "../support/consumer.js";
import { nodeBinary } from "../support/node-versions.js";
import { ALL_WORKS, runPrintProgram } from "../support/run-print-program.js";

const PACKAGE = ["wise-card-kiosk"];
const DEPENDENCIES = ["jose", "undici", "zod"];

/** Bundles that load packages when they run. */
const BUNDLES: readonly BundleCase[] = [
  ["an ES module by Vite SSR", "vite", { format: "esm" }],
  ["CommonJS by Vite SSR", "vite", { format: "cjs" }],
  ["an ES module by webpack that imports the package", "webpack", { format: "esm", external: PACKAGE }],
  ["CommonJS by webpack that requires the package", "webpack", { format: "cjs", external: PACKAGE }],
  ["an ES module by webpack that imports the dependencies", "webpack", { format: "esm", external: DEPENDENCIES }],
  [
    "an ES module by Rollup in one file that imports undici",
    "rollup",
    { format: "esm", plugins: ["node-resolve"], inOneFile: true, external: ["undici"] },
  ],
  [
    "CommonJS by Rollup in one file that requires undici",
    "rollup",
    { format: "cjs", plugins: ["node-resolve", "commonjs"], inOneFile: true, external: ["undici"] },
  ],
  ["CommonJS by ncc that requires the package", "ncc", { format: "cjs", external: PACKAGE }],
];

/** Bundles a program into a folder from which it can load the packages of the user's project. */
const bundleBesidePackages = (given: BundleCase) => bundleProgram(given, join(consumer().folder, "bundles"));

describe.each(BUNDLES)("%s", (...given) => {
  let file: string;

  beforeAll(async () => {
    file = await bundleBesidePackages(given);
  });

  it.each(["20.18", "26"] as const)("prints a card and receives a webhook on Node.js %s", async (version) => {
    expect(await runPrintProgram([nodeBinary(version)], file)).toEqual(ALL_WORKS);
  });
});

describe("CommonJS by webpack that requires the dependencies", () => {
  let file: string;

  beforeAll(async () => {
    file = await bundleBesidePackages(["", "webpack", { format: "cjs", external: DEPENDENCIES }]);
  });

  it.each(["20", "26"] as const)("prints a card and receives a webhook on Node.js %s", async (version) => {
    expect(await runPrintProgram([nodeBinary(version)], file)).toEqual(ALL_WORKS);
  });

  it("names jose on Node.js 20.18, which cannot require an ES module", async () => {
    const run = runPrintProgram([nodeBinary("20.18")], file);
    await expect(run).rejects.toThrow(/require\(\) of ES Module \S*node_modules\/jose\//);
  });
});
