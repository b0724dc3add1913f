// Installs the packages that are compared, and the package of this project as its users get it.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL(".", import.meta.url));

/** Installs the packages of package.json, if they are missing or older than the lock file. */
export function installPackages() {
  const installed = join(folder, "node_modules/.package-lock.json");
  const { mtimeMs } = statSync(join(folder, "package-lock.json"));
  if (!existsSync(installed) || statSync(installed).mtimeMs < mtimeMs)
    run("npm", ["ci", "--no-audit", "--no-fund"], folder);
}

/** Builds and packs this project, and extracts it beside the packages that it depends on. Returns its folder. */
export function installPackedPackage() {
  const root = join(folder, "../..");
  const target = join(folder, "node_modules/wise-card-kiosk");
  run("npm", ["run", "build"], root);
  const [{ filename }] = JSON.parse(
    run("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", folder], root),
  );
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target);
  run("tar", ["-xzf", filename, "-C", target, "--strip-components=1"], folder);
  rmSync(join(folder, filename));
  return target;
}

/** Returns the installed version of a package. */
export function installedVersion(name) {
  return JSON.parse(readFileSync(join(folder, "node_modules", name, "package.json"), "utf8")).version;
}

function run(command, args, cwd) {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd,
    encoding: "utf8",
    shell: process.platform === "win32",
    stdio: ["ignore", "pipe", "pipe"],
  });
  if (status === 0) return stdout;
  throw new Error(`${command} ${args.join(" ")} failed:\n${stderr}`, { cause: error });
}
