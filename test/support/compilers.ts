import { execFile } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { installTools } from "./install-tools.js";

/** Compilers that users of the package may have, at the versions that `test/types/package.json` pins. */
export const COMPILERS = ["typescript-5.4", "typescript-5.9", "typescript-6.0", "typescript-7.0"] as const;

/** The name of a compiler. */
export type Compiler = (typeof COMPILERS)[number];

const folder = fileURLToPath(new URL("../types", import.meta.url));

/** The folder with the newest `@types/node`, at the version that `test/types/package.json` pins, for the option `typeRoots`. */
export const NEWEST_NODE_TYPES = join(folder, "node_modules/@types");

/** Returns the path of a file of a compiler. */
export function compilerFile(compiler: Compiler, file: string): string {
  return join(folder, "node_modules", compiler, file);
}

/**
 * Compiles projects in one process, each as `tsc --project` does, and returns what the compiler reports about each, which is
 * an empty text if all is well.
 *
 * @param cwd The folder from which reports name files.
 * @param projects The paths of their `tsconfig.json`.
 */
export async function compileProjects(
  compiler: Compiler,
  cwd: string,
  projects: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const program = join(folder, "compile-projects.mjs");
  const args = ["--max-old-space-size=4096", program, compilerFile(compiler, "package.json"), ...projects];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd, maxBuffer: 2 ** 26 });
  const reports: Record<string, string> = JSON.parse(stdout);
  return new Map(Object.entries(reports));
}

/** Installs the compilers and the newest types of Node.js if they are missing or older than the lock file. For Vitest's `globalSetup`. */
export default function installCompilers(): void {
  installTools(folder);
}
