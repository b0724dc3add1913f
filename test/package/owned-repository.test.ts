import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { copyRepository, PLACEHOLDER } from "../support/repository-copy.js";

const MODULES = fileURLToPath(new URL("../../node_modules", import.meta.url));

it("the tests of a release pass in a repository whose owner is set, beside the files of the release", () => {
  using copy = copyRepository();
  const { folder } = copy;
  const run = (...args: string[]) => spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8" });
  expect(run(".github/release/set-owner.mjs", "your-bank").status).toBe(0);
  execFileSync("git", ["init", "--quiet"], { cwd: folder });
  copy.write(".git/info/exclude", "node_modules\n");
  symlinkSync(MODULES, join(folder, "node_modules"));
  mkdirSync(join(folder, "release"));
  copy.write("release/notes.md", `- The owner, which was ${PLACEHOLDER}.\n`);
  const { status, stdout, stderr } = run(
    "node_modules/vitest/vitest.mjs",
    "run",
    "--project",
    "source",
    "test/release",
  );
  expect(status, `${stdout}${stderr}`).toBe(0);
});
