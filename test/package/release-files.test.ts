import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { readWorkflow } from "../support/workflows.js";

const { jobs } = readWorkflow("release.yml");
const SUM_UP = jobs["build"]?.steps.find(({ id }) => id === "sums")?.run ?? "no command";
const COMPARE = jobs["publish"]?.steps.find(({ run }) => run !== undefined)?.run ?? "no command";

/** The files of the artifact that all jobs of the release share. */
const FILES = ["wise-card-kiosk-0.1.0.tgz", "sbom.cdx.json", "notes.md"];

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "wise-card-kiosk-sums-"));
  mkdirSync(join(folder, "release"));
  for (const name of FILES) writeFileSync(join(folder, "release", name), name);
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a command of the workflow as GitHub does. Returns its exit code. */
function run(command: string, sums = ""): number | null {
  const env = { ...process.env, SHA512: sums, GITHUB_OUTPUT: join(folder, "output") };
  return spawnSync("bash", ["-e", "-c", command], { cwd: join(folder, "release"), env }).status;
}

/** Returns the sums that the build hands to the other jobs. */
function sumUp(): string {
  expect(run(SUM_UP)).toBe(0);
  const [, sums = ""] = /^sha512<<END\n([\s\S]*)\nEND\n$/.exec(readFileSync(join(folder, "output"), "utf8")) ?? [];
  return sums;
}

it("the files of a release are accepted as the build made them, and not without sums", () => {
  expect(run(COMPARE, sumUp())).toBe(0);
  expect(run(COMPARE)).not.toBe(0);
});

it.each(FILES)("a release whose file %s was replaced or deleted after the build is refused", (name) => {
  const sums = sumUp();
  writeFileSync(join(folder, "release", name), "replaced");
  expect(run(COMPARE, sums)).not.toBe(0);
  rmSync(join(folder, "release", name));
  expect(run(COMPARE, sums)).not.toBe(0);
});
