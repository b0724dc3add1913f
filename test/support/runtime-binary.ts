import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { installTools } from "./install-tools.js";

/** The path of the binary in each package of `package.json`, with a placeholder for the platform. */
const PROGRAMS = {
  bun: "@oven/bun-<platform>/bin/bun",
  deno: "@deno/<platform>/deno",
  workerd: "@cloudflare/workerd-<platform>/bin/workerd",
  "node-20.18": "node-20.18-<platform>/bin/node",
  "node-20": "node-20-<platform>/bin/node",
  "node-22": "node-22-<platform>/bin/node",
  "node-24": "node-24-<platform>/bin/node",
  "node-26": "node-26-<platform>/bin/node",
} as const;

/** A runtime that the tests start besides the one they run on, at the version that `test/runtimes/package.json` pins. */
export type Runtime = keyof typeof PROGRAMS;

const runtimePath = (path: string): string => fileURLToPath(new URL(path, new URL("../runtimes/", import.meta.url)));

/**
 * Returns the path of the binary of a runtime.
 *
 * @throws {Error} if it is missing, which is no reason to skip its tests.
 */
export function runtimeBinary(runtime: Runtime): string {
  const path = runtimePath(`node_modules/${PROGRAMS[runtime].replace("<platform>", platformName(runtime))}`);
  if (existsSync(path)) return path;
  throw new Error(
    `No ${runtime} for ${process.platform}-${process.arch} at ${path}. Run "npm ci" in test/runtimes, and add the package of this platform to test/runtimes/package.json if it is missing there.`,
  );
}

/** Installs the runtimes. For Vitest's `globalSetup`. */
export default function installRuntimes(): void {
  installTools(runtimePath("."));
}

/** Returns the name of this platform in the packages of a runtime. */
function platformName(runtime: Runtime): string {
  const name = `${process.platform}-${process.arch}`;
  switch (runtime) {
    case "bun":
      return name.replace("arm64", "aarch64");
    case "deno":
      return process.platform === "linux" ? `${name}-glibc` : name;
    case "workerd":
      return name.replace("x64", "64");
    default:
      return name;
  }
}
