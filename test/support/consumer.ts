import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { inject } from "vitest";
import type { TestProject } from "vitest/node";

/** Compilers that users of the package may have. TypeScript 7 no longer has the module resolution `node10`. */
export const COMPILERS = ["typescript-5.4", "typescript-5.9", "typescript-7"] as const;

/** What a user has beside the package. */
const TOOLS = [
  "typescript-5.4@npm:typescript@5.4.5",
  "typescript-5.9@npm:typescript@5.9.3",
  "typescript-7@npm:typescript@7.0.2",
  "@types/node@20",
  "msw@2",
  "jest@30",
  "nock@15",
  "vitest@4",
  "undici-6@npm:undici@6",
  "undici-8@npm:undici@8",
];

/** A project of a user, outside this repository, that has installed the package from its tarball. */
export interface Consumer {
  /** The folder of the project. Its subfolders `esm` and `cjs` are of the package type `module` and `commonjs`. */
  readonly folder: string;
  /** The paths in the tarball. */
  readonly files: readonly string[];
  /** The size of the tarball in bytes. */
  readonly size: number;
  /** The packages that were installed with it. */
  readonly packages: readonly string[];
}

declare module "vitest" {
  interface ProvidedContext {
    consumer: Consumer;
  }
}

/** The project that the setup below made. */
export function consumer(): Consumer {
  return inject("consumer");
}

/** What a program prints that a user of the package runs, in the format that the user writes. */
export function run(format: "esm" | "cjs", source: string, node: string = process.execPath): string {
  const input = format === "esm" ? ["--input-type=module"] : [];
  return execFileSync(node, [...input, "--eval", source], {
    cwd: join(consumer().folder, format),
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    timeout: 60_000,
  }).trim();
}

/** As {@link run}, for a program that prints JSON. */
export function runForJson(...args: Parameters<typeof run>): unknown {
  return JSON.parse(run(...args));
}

/** Builds and packs the package, and installs it into a project. For Vitest's `globalSetup`. */
export default function installPackedPackage(project: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), "wise-card-kiosk-consumer-"));
  const root = fileURLToPath(new URL("../..", import.meta.url));
  npm(root, "run", "build");
  const [packed] = JSON.parse(npm(root, "pack", "--json", "--ignore-scripts", "--pack-destination", folder));
  writeJson(join(folder, "package.json"), { private: true });
  install(folder, join(folder, packed.filename));
  const listed = npm(folder, "ls", "--omit=dev", "--all", "--parseable").trim().split("\n").slice(1);
  const packages = listed.map((path) => path.split("node_modules/").at(-1) ?? path);
  install(folder, "--save-dev", ...TOOLS);
  for (const [name, type] of Object.entries({ esm: "module", cjs: "commonjs" })) {
    mkdirSync(join(folder, name));
    writeJson(join(folder, name, "package.json"), { type });
  }
  const files: { path: string }[] = packed.files;
  project.provide("consumer", { folder, files: files.map(({ path }) => path), size: packed.size, packages });
  return () => rmSync(folder, { recursive: true, force: true });
}

function install(folder: string, ...what: string[]): void {
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
