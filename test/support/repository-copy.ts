import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The owner that a repository names until `npm run set-owner` sets one. It is spelled in parts, so that this file names none. */
export const PLACEHOLDER = ["owner", "not", "set"].join("-");

const repository = fileURLToPath(new URL("../../", import.meta.url));

/** Returns the paths of all files of the repository. A file that was deleted is listed until that is committed. */
export function repositoryFiles(): string[] {
  const options = ["ls-files", "--cached", "--others", "--exclude-standard"];
  const listed = execFileSync("git", options, { cwd: repository, encoding: "utf8", maxBuffer: 2 ** 24 });
  return listed.split("\n").filter((path) => path !== "" && existsSync(join(repository, path)));
}

/** A copy of the repository, without what it installs, in a temporary folder. */
export interface RepositoryCopy extends Disposable {
  readonly folder: string;
  read(path: string): string;
  write(path: string, text: string): void;
}

/**
 * Copies the files of the repository that match a pattern, those that set the owner among them. The copy has no owner, even if the
 * repository has one, as it does when it is released.
 */
export function copyRepository(pattern = /./): RepositoryCopy {
  const folder = mkdtempSync(join(tmpdir(), "wise-card-kiosk-repository-"));
  for (const path of repositoryFiles().filter((file) => pattern.test(file))) {
    cpSync(join(repository, path), join(folder, path));
  }
  execFileSync(process.execPath, [join(folder, ".github/release/set-owner.mjs"), PLACEHOLDER]);
  return {
    folder,
    read: (path) => readFileSync(join(folder, path), "utf8"),
    write: (path, text) => writeFileSync(join(folder, path), text),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}
