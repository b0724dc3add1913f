import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { inject } from "vitest";
import type { TestProject } from "vitest/node";

/** The other packages in the project of a user. */
const TOOLS = [
  "@types/node@20",
  "msw@2",
  "jest@30",
  "nock@15",
  "pg@8",
  "vitest@4",
  "undici-6@npm:undici@6",
  "undici-8@npm:undici@8",
];

/** The project of a user outside this repository, with the package installed from its tarball. */
export interface Consumer {
  /** The folder of the project. Its subfolders `esm` and `cjs` have the package type `module` and `commonjs`. */
  readonly folder: string;
  /** The path of the tarball. */
  readonly tarball: string;
  /** The paths in the tarball. */
  readonly files: readonly string[];
  /** The size of the tarball in bytes. */
  readonly size: number;
  /** The names of the packages that were installed with it, its own included. */
  readonly packages: readonly string[];
}

declare module "vitest" {
  interface ProvidedContext {
    consumer: Consumer;
  }
}

/** Returns the project that the setup below created. */
export function consumer(): Consumer {
  return inject("consumer");
}

/** Runs a program in the project of the user, as ESM or CommonJS, and returns what it prints. */
export function runAsConsumer(format: "esm" | "cjs", source: string, node: string = process.execPath): string {
  const input = format === "esm" ? ["--input-type=module"] : [];
  return execFileSync(node, [...input, "--eval", source], {
    cwd: join(consumer().folder, format),
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    timeout: 60_000,
  }).trim();
}

/** Returns the parsed JSON that a program prints. The arguments are those of {@link runAsConsumer}. */
export function runForJson(...args: Parameters<typeof runAsConsumer>): unknown {
  return JSON.parse(runAsConsumer(...args));
}

/**
 * Builds and packs the package, and installs it in a new project. A release tests the tarball that it publishes: its path is in
 * `PACKED_TARBALL`. For Vitest's `globalSetup`.
 */
export default function installPackedPackage(project: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), "wise-card-kiosk-consumer-"));
  const root = fileURLToPath(new URL("../..", import.meta.url));
  const given = process.env["PACKED_TARBALL"];
  if (given === undefined) npm(root, "run", "build");
  const source = given === undefined ? [] : [given];
  const [packed] = JSON.parse(npm(root, "pack", ...source, "--json", "--ignore-scripts", "--pack-destination", folder));
  writeJson(join(folder, "package.json"), { private: true });
  const tarball = join(folder, packed.filename);
  install(folder, tarball);
  const listed = npm(folder, "ls", "--omit=dev", "--all", "--parseable").trim().split("\n").slice(1);
  const packages = listed.map((path) => path.split("node_modules/").at(-1) ?? path);
  install(folder, "--save-dev", ...TOOLS);
  for (const [name, type] of Object.entries({ esm: "module", cjs: "commonjs" })) {
    mkdirSync(join(folder, name));
    writeJson(join(folder, name, "package.json"), { type });
  }
  const files: { path: string }[] = packed.files;
  const paths = files.map(({ path }) => path);
  project.provide("consumer", { folder, tarball, files: paths, size: packed.size, packages });
  return () => rmSync(folder, { recursive: true, force: true });
}

/** Installs packages in a folder with a `package.json`. */
export function install(folder: string, ...what: string[]): void {
  npm(folder, "install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline", ...what);
}

function npm(cwd: string, ...args: string[]): string {
  return execFileSync("npm", args, {
    cwd,
    encoding: "utf8",
    shell: process.platform === "win32",
    stdio: ["ignore", "pipe", "pipe"],
    timeout: 300_000,
  });
}

function writeJson(path: string, value: unknown): void {
  writeFileSync(path, `${JSON.stringify(value, null, 2)}\n`);
}
