import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";

/** Installs the packages that a folder's lock file names, if they are missing or older than the lock file. Runs no scripts. */
export function installTools(folder: string): void {
  const [installed, locked] = [join(folder, "node_modules/.package-lock.json"), join(folder, "package-lock.json")];
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(locked).mtimeMs) return;
  const { status, error, stderr } = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--ignore-scripts"], {
    cwd: folder,
    encoding: "utf8",
    shell: process.platform === "win32",
  });
  if (status !== 0) throw new Error(`npm ci in ${folder} failed:\n${stderr}`, { cause: error });
}
