import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { compileCommand } from "../support/command-program.js";
import { NAMED_CARD, openCommandStage } from "../support/command-stage.js";
import { page } from "../support/pages.js";

const folder = mkdtempSync(`${tmpdir()}/command-page-`);

/** `npx` without npm: it starts the program of this repository. */
beforeAll(async () => {
  const program = await compileCommand();
  writeFileSync(`${folder}/npx`, `#!/bin/sh\nshift\nexec "${process.execPath}" "${program}" "$@"\n`, { mode: 0o755 });
});

afterAll(() => rmSync(folder, { recursive: true }));

const scripts = page("src/command/README.md").blocks.filter(({ language }) => language === "sh");

it("src/command/README.md shows shell scripts", () => {
  expect(scripts.length).toBeGreaterThan(1);
});

it.each(scripts)("src/command/README.md: the script at line $line prints what it promises", async ({ code }) => {
  const promised = [...code.matchAll(/^# → (.*)$/gm)].map(([, line]) => line);
  const card = "ca0c8154-1e14-4464-a1ce-dcea7dc3de52";
  const ends = code.includes("simulate") ? [] : (["PRODUCED"] as const);
  const { env } = await openCommandStage({ cards: [{ profileId: 123456, cardToken: card, outcomes: ends }] });
  const shell = {
    ...env,
    PATH: `${folder}${delimiter}${process.env["PATH"]}`,
    card: NAMED_CARD.replace(/:.*/, `:${card}`),
  };
  const { stdout } = await promisify(execFile)("bash", ["-c", code], { cwd: folder, env: shell, timeout: 60_000 });
  expect(stdout.trimEnd().split("\n")).toEqual(promised);
});
