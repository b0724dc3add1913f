import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import commonjs from "@rollup/plugin-commonjs";
import json from "@rollup/plugin-json";
import { nodeResolve } from "@rollup/plugin-node-resolve";
import { type BuildOptions, build } from "esbuild";
import { rollup } from "rollup";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { consumer } from "../support/consumer.js";
import { NODE_VERSIONS, nodeBinary } from "../support/node-versions.js";
import { runPrintProgram } from "../support/run-print-program.js";

const REQUIRE = 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);';

/** Bundles a program into a folder that can reach no installed package, and returns the path of the bundle. */
type Bundle = (program: string, folder: string) => Promise<string>;

const withEsbuild =
  (format: "esm" | "cjs", options: BuildOptions = {}): Bundle =>
  async (program, folder) => {
    const outfile = join(folder, format === "esm" ? "main.mjs" : "main.cjs");
    await build({
      entryPoints: [program],
      outfile,
      bundle: true,
      platform: "node",
      format,
      logLevel: "silent",
      ...options,
    });
    return outfile;
  };

const withRollup =
  (format: "es" | "cjs"): Bundle =>
  async (program, folder) => {
    const extension = format === "es" ? "mjs" : "cjs";
    const bundle = await rollup({
      input: program,
      plugins: [nodeResolve({ preferBuiltins: true }), commonjs(), json()],
      onwarn: () => {},
    });
    await bundle.write({
      dir: folder,
      format,
      entryFileNames: `main.${extension}`,
      chunkFileNames: `[name].${extension}`,
    });
    await bundle.close();
    return join(folder, `main.${extension}`);
  };

const BUNDLES: readonly (readonly [string, Bundle])[] = [
  ["an ES module by esbuild", withEsbuild("esm")],
  ["a minified ES module by esbuild", withEsbuild("esm", { minify: true })],
  ["an ES module by esbuild that begins with a require", withEsbuild("esm", { banner: { js: REQUIRE } })],
  ["an ES module by esbuild without undici", withEsbuild("esm", { external: ["undici"] })],
  ["CommonJS by esbuild", withEsbuild("cjs")],
  ["an ES module by Rollup", withRollup("es")],
  ["CommonJS by Rollup", withRollup("cjs")],
];

let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "wise-card-kiosk-bundles-"));
  cpSync(fileURLToPath(new URL("bundle-program.mjs", import.meta.url)), join(consumer().folder, "bundle-program.mjs"));
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Returns a function that creates a bundle on its first call, and returns the path of the bundle. */
function made([name, bundle]: (typeof BUNDLES)[number]): () => Promise<string> {
  let file: Promise<string> | undefined;
  return () => {
    const folder = join(directory, name.replaceAll(" ", "-"));
    mkdirSync(folder, { recursive: true });
    file ??= bundle(join(consumer().folder, "bundle-program.mjs"), folder);
    return file;
  };
}

const PRINTED = { printed: "IN_PROGRESS", attempts: 1 };

describe.each(BUNDLES)("%s", (...given) => {
  const file = made(given);

  it.each(NODE_VERSIONS)("prints a card and verifies a webhook on Node.js %s", async (version) => {
    expect(await runPrintProgram(nodeBinary(version), await file())).toEqual({
      results: { plain: PRINTED, mtls: PRINTED, proxy: PRINTED, webhook: "cards#card-production-status-change" },
      requests: { plain: 1, mtls: 2, proxy: 1 },
    });
  });
});

describe("a bundle that can load neither undici nor the copy in Node.js", () => {
  const bundle = made(["hopeless", withEsbuild("esm")]);
  const repaired = made(["repaired", withEsbuild("esm", { banner: { js: REQUIRE } })]);

  it("rejects each call immediately, without a retry, and reports what to change", async () => {
    const refused = (argument: string) => ({
      printed: {
        code: "ERR_ARGUMENT",
        argument,
        message: expect.stringMatching(/ because undici could not be loaded.*`external`.*createRequire/),
        mayHaveTakenEffect: false,
      },
      attempts: 1,
    });
    expect(await runPrintProgram(process.execPath, await bundle(), { withoutHeaders: true })).toEqual({
      results: {
        plain: refused("dispatcher"),
        mtls: refused("mtls"),
        proxy: refused("mtls"),
        webhook: "cards#card-production-status-change",
      },
      requests: { plain: 0, mtls: 0, proxy: 0 },
    });
  });

  it("works once it begins with a require, as the error message suggests", async () => {
    const { results } = await runPrintProgram(process.execPath, await repaired(), { withoutHeaders: true });
    expect(results).toEqual({
      plain: PRINTED,
      mtls: PRINTED,
      proxy: PRINTED,
      webhook: "cards#card-production-status-change",
    });
  });
});
