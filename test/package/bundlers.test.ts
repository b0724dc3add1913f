import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type BundleCase, bundleProgram, bundleWithWarnings } from "../support/bundlers.js";
import { NODE_VERSIONS, nodeBinary } from "../support/node-versions.js";
import { ALL_WORKS, runPrintProgram } from "../support/run-print-program.js";

const REQUIRE = 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);';

const RESOLVE_AND_COMMONJS = ["node-resolve", "commonjs"];

/** The options for a bundle in one file. Undici is left out of it; no test below installs undici beside the bundle. */
const IN_ONE_FILE = { inOneFile: true, external: ["undici"] };

/** The bundles that depend on the version of Node.js: undici in them fails on some, so that the copy in Node.js is used. */
const ON_EVERY_VERSION: readonly BundleCase[] = [
  ["an ES module by esbuild", "esbuild", { format: "esm" }],
  ["an ES module by Rollup with node-resolve", "rollup", { format: "esm", plugins: ["node-resolve"] }],
  ["CommonJS by Rollup with node-resolve", "rollup", { format: "cjs", plugins: ["node-resolve"] }],
  ["an ES module by Rollup with node-resolve and commonjs", "rollup", { format: "esm", plugins: RESOLVE_AND_COMMONJS }],
  ["CommonJS by Rollup with node-resolve and commonjs", "rollup", { format: "cjs", plugins: RESOLVE_AND_COMMONJS }],
];

const BUNDLES: readonly BundleCase[] = [
  ["a minified ES module by esbuild", "esbuild", { format: "esm", minify: true }],
  ["an ES module by esbuild that begins with a require", "esbuild", { format: "esm", banner: REQUIRE }],
  ["an ES module by esbuild without undici", "esbuild", { format: "esm", external: ["undici"] }],
  ["CommonJS by esbuild", "esbuild", { format: "cjs" }],
  [
    "an ES module by Rollup in one file with node-resolve",
    "rollup",
    { ...IN_ONE_FILE, format: "esm", plugins: ["node-resolve"] },
  ],
  [
    "CommonJS by Rollup in one file with node-resolve",
    "rollup",
    { ...IN_ONE_FILE, format: "cjs", plugins: ["node-resolve"] },
  ],
  [
    "an ES module by Rollup in one file with node-resolve and commonjs",
    "rollup",
    { ...IN_ONE_FILE, format: "esm", plugins: RESOLVE_AND_COMMONJS },
  ],
  [
    "CommonJS by Rollup in one file with node-resolve and commonjs",
    "rollup",
    { ...IN_ONE_FILE, format: "cjs", plugins: RESOLVE_AND_COMMONJS },
  ],
  ["an ES module by Rolldown", "rolldown", { format: "esm" }],
  ["an ES module by Rolldown for its default platform", "rolldown", { format: "esm", platform: "browser" }],
  ["CommonJS by Rolldown", "rolldown", { format: "cjs" }],
  ["an ES module by Rolldown in one file", "rolldown", { format: "esm", inOneFile: true }],
  ["CommonJS by Rolldown in one file", "rolldown", { format: "cjs", inOneFile: true }],
  ["an ES module by Vite SSR with noExternal", "vite", { format: "esm", noExternal: true }],
  ["CommonJS by Vite SSR with noExternal", "vite", { format: "cjs", noExternal: true }],
  ["an ES module by webpack", "webpack", { format: "esm" }],
  ["minified CommonJS by webpack", "webpack", { format: "cjs", minify: true }],
  ["an ES module by ncc", "ncc", { format: "esm" }],
  ["CommonJS by ncc", "ncc", { format: "cjs" }],
];

/** A folder that can reach no installed package. */
let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "wise-card-kiosk-bundles-"));
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe.each([
  ...ON_EVERY_VERSION.map((bundle) => ({ bundle, title: bundle[0], versions: NODE_VERSIONS })),
  ...BUNDLES.map((bundle) => ({ bundle, title: bundle[0], versions: ["20.18", "26"] as const })),
])("$title", ({ bundle, versions }) => {
  let file: string;

  beforeAll(async () => {
    file = await bundleProgram(bundle, directory);
  });

  it.each(versions)("prints a card and receives a webhook on Node.js %s", async (version) => {
    expect(await runPrintProgram([nodeBinary(version)], file)).toEqual(ALL_WORKS);
  });
});

/** What the page says about bundlers. It quotes what they report if a switch is missing, so that a search finds the switch. */
const ADVICE = readFileSync(new URL("../../src/RUNTIMES.md", import.meta.url), "utf8");

it.each<readonly [string, ...BundleCase]>([
  [
    `You can use "platform: 'node'" to do that`,
    "an ES module by esbuild",
    "esbuild",
    { format: "esm", platform: "browser" },
  ],
  [
    "is not handled by plugins (Unhandled scheme)",
    "an ES module by webpack",
    "webpack",
    { format: "esm", target: "web" },
  ],
])("src/RUNTIMES.md quotes the report '%s' about %s for a browser", async (report, ...bundle) => {
  await expect(bundleProgram(bundle, directory)).rejects.toThrow(report);
  expect(ADVICE).toContain(`\`${report}\``);
});

it("src/RUNTIMES.md quotes the warning of Rollup that it leaves the package out without node-resolve", async () => {
  const { warnings } = await bundleWithWarnings(["", "rollup", { format: "esm", plugins: [] }], directory);
  const warning = "treating it as an external dependency";
  for (const name of ["wise-card-kiosk", "wise-card-kiosk/webhooks", "wise-card-kiosk/webhooks/node"]) {
    expect(warnings).toMatch(new RegExp(`"${name}" is imported by .*${warning}`));
  }
  expect(ADVICE).toContain(`\`${warning}\``);
});

it.each([
  ["require is not defined in ES module scope", { format: "esm", plugins: ["node-resolve"] }],
  ["Cannot find module './lib/", { format: "cjs", plugins: ["node-resolve"] }],
  ["No such built-in module: node:sqlite", { format: "esm", plugins: RESOLVE_AND_COMMONJS }],
  ["No such built-in module: node:sqlite", { format: "cjs", plugins: RESOLVE_AND_COMMONJS }],
] as const)(
  "src/RUNTIMES.md quotes '%s', the end of a bundle by Rollup in one file with undici: %j",
  async (report, options) => {
    const file = await bundleProgram(["", "rollup", { ...options, inOneFile: true }], directory);
    await expect(runPrintProgram([nodeBinary("20.18")], file)).rejects.toThrow(report);
    expect(ADVICE).toContain(`\`${report}`);
  },
);

describe("a bundle that can load neither undici nor the copy in Node.js", () => {
  it("rejects each call immediately, without a retry, and reports what to change", async () => {
    const hopeless = await bundleProgram(["hopeless", "esbuild", { format: "esm" }], directory);
    const refused = (argument: string) => ({
      printed: {
        code: "ERR_ARGUMENT",
        argument,
        message: expect.stringMatching(/ because undici could not be loaded.*`external`.*createRequire/),
        mayHaveTakenEffect: false,
      },
      attempts: 1,
    });
    expect(await runPrintProgram([process.execPath], hopeless, { withoutHeaders: true })).toEqual({
      results: { ...ALL_WORKS.results, plain: refused("dispatcher"), mtls: refused("mtls"), proxy: refused("mtls") },
      requests: { plain: 0, mtls: 0, proxy: 0 },
      responses: ALL_WORKS.responses,
    });
  });

  it("works once it begins with a require, as the error message suggests", async () => {
    const repaired = await bundleProgram(["repaired", "esbuild", { format: "esm", banner: REQUIRE }], directory);
    expect(await runPrintProgram([process.execPath], repaired, { withoutHeaders: true })).toEqual(ALL_WORKS);
  });
});
