import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { copyRepository, PLACEHOLDER, type RepositoryCopy } from "../support/repository-copy.js";

function setOwner(
  { folder }: RepositoryCopy,
  ...args: string[]
): { readonly status: number | null; readonly stderr: string } {
  return spawnSync(process.execPath, [join(folder, ".github/release/set-owner.mjs"), ...args], { encoding: "utf8" });
}

/** Returns the files that contain a text. */
function filesWith(text: string, { folder }: RepositoryCopy): string[] {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return paths
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => readFileSync(path).includes(text))
    .map((path) => path.slice(folder.length + 1).replaceAll("\\", "/"))
    .sort();
}

it("set-owner writes the owner everywhere", () => {
  using copy = copyRepository();
  const named = filesWith(PLACEHOLDER, copy);
  expect(named).toEqual(
    expect.arrayContaining([
      ".github/CODEOWNERS",
      ".github/ISSUE_TEMPLATE/config.yml",
      ".github/SECURITY.md",
      "package.json",
    ]),
  );
  expect(setOwner(copy, "your-bank").status).toBe(0);
  expect(filesWith(PLACEHOLDER, copy)).toEqual([]);
  expect(JSON.parse(copy.read("package.json"))).toMatchObject({
    homepage: "https://github.com/your-bank/wise-card-kiosk#readme",
    bugs: { url: "https://github.com/your-bank/wise-card-kiosk/issues" },
    repository: { type: "git", url: "git+https://github.com/your-bank/wise-card-kiosk.git" },
  });
  expect(copy.read(".github/CODEOWNERS")).toBe("* @your-bank\n");
  // It can be changed again.
  expect(setOwner(copy, "another-bank").status).toBe(0);
  expect(filesWith("github.com/another-bank/", copy)).toEqual(
    filesWith("another-bank", copy).filter((path) => path !== ".github/CODEOWNERS"),
  );
});

it("set-owner refuses what is not the name of one owner, and changes nothing", () => {
  using copy = copyRepository(/^(package\.json|\.github\/.*)$/);
  const before = copy.read("package.json");
  const refused = [
    [],
    ["your bank"],
    ["-bank"],
    ["bank--a"],
    ["a".repeat(40)],
    ["https://github.com/bank"],
    ["a", "b"],
  ];
  for (const args of refused) {
    const { status, stderr } = setOwner(copy, ...args);
    expect(status).toBe(2);
    expect(stderr).toContain("npm run set-owner -- <owner>");
  }
  expect(copy.read("package.json")).toBe(before);
});
