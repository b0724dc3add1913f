import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";

/** Installs what the lock file of a folder lists, unless that is already installed and not older than the lock file. */
export function installLocked(folder: string): void {
  const installed = join(folder, "node_modules/.package-lock.json");
  const { mtimeMs } = statSync(join(folder, "package-lock.json"));
  if (existsSync(installed) && statSync(installed).mtimeMs >= mtimeMs) return;
  const { status, error, stderr } = spawnSync("npm", ["ci", "--no-audit", "--no-fund"], {
    cwd: folder,
    encoding: "utf8",
    shell: process.platform === "win32",
  });
  if (status !== 0) throw new Error(`npm ci in ${folder} failed:\n${stderr}`, { cause: error });
}
