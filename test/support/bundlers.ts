import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { consumer } from "./consumer.js";
import { copyFile } from "./copy-file.js";
import { installTools } from "./install-tools.js";

const PACKAGE_TESTS = fileURLToPath(new URL("../package", import.meta.url));

/** A bundler. The file of the same name in `test/package/bundlers` calls it. */
export type Bundler = "esbuild" | "ncc" | "rolldown" | "rollup" | "vite" | "webpack";

/** The format of a bundle, and switches of the bundler. */
export interface BundleOptions {
  readonly format: "esm" | "cjs";
  readonly [more: string]: unknown;
}

/** The title of a bundle, the bundler that makes it, and the options. */
export type BundleCase = readonly [title: string, bundler: Bundler, options: BundleOptions];

/**
 * Bundles a program into a new folder of another folder. Returns the path of the bundle, and the warnings that the bundler prints.
 *
 * @throws {Error} with what the bundler reports if it fails.
 */
export async function runBundler(program: string, [, bundler, options]: BundleCase, parent: string) {
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, `${bundler}-`));
  const args = [join(PACKAGE_TESTS, "bundlers/build.mjs"), bundler, program, folder, JSON.stringify(options)];
  // Vitest sets NODE_ENV, and bundlers build for production without it.
  const env = { ...process.env, NODE_ENV: undefined };
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { env, timeout: 280_000 });
  return { file: stdout.trim(), warnings: stderr };
}

/** Bundles `test/package/bundle-program.mjs` as {@link runBundler} does. */
export function bundleWithWarnings(bundle: BundleCase, parent: string) {
  const program = join(consumer().folder, "bundle-program.mjs");
  copyFile(new URL("../package/bundle-program.mjs", import.meta.url), program);
  return runBundler(program, bundle, parent);
}

/** Bundles as {@link bundleWithWarnings} does, and returns the path of the bundle. */
export async function bundleProgram(bundle: BundleCase, parent: string): Promise<string> {
  return (await bundleWithWarnings(bundle, parent)).file;
}

/** Installs the bundlers. For Vitest's `globalSetup`. */
export default function installBundlers(): void {
  installTools(join(PACKAGE_TESTS, "bundlers"));
}
