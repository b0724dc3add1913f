import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { adviceFor, parseProduction, REQUEST_ERROR_CODES } from "wise-card-kiosk";
import { exitCodeForProduction } from "../../src/command/definition/exit-code.js";
import { compileCommand } from "../support/command-program.js";
import { NAMED_CARD, openCommandStage } from "../support/command-stage.js";
import { page } from "../support/pages.js";
import { CARD } from "../support/transports.js";

const folder = mkdtempSync(`${tmpdir()}/command-page-`);

/** `npx` without npm: it starts the program of this repository. */
beforeAll(async () => {
  const program = await compileCommand();
  writeFileSync(`${folder}/npx`, `#!/bin/sh\nshift\nexec "${process.execPath}" "${program}" "$@"\n`, { mode: 0o755 });
});

afterAll(() => rmSync(folder, { recursive: true }));

const { markdown, blocks } = page("src/command/README.md");
const scripts = blocks.filter(({ language }) => language === "sh");

it("src/command/README.md shows shell scripts", () => {
  expect(scripts.length).toBeGreaterThan(1);
});

it.each(scripts)("src/command/README.md: the script at line $line prints what it promises", async ({ code }) => {
  const promised = [...code.matchAll(/^# → (.*)$/gm)].map(([, line]) => line);
  const card = "ca0c8154-1e14-4464-a1ce-dcea7dc3de52";
  const ends = code.includes("simulate") ? [] : (["PRODUCED"] as const);
  const { env } = await openCommandStage({ cards: [{ profileId: 123456, cardToken: card, outcomes: ends }] });
  const stdout = await runScript(code, { ...env, card: NAMED_CARD.replace(/:.*/, `:${card}`) });
  expect(stdout.trimEnd().split("\n")).toEqual(promised);
});

it("the script of src/command/README.md does not let a refused request be printed again without its next step", async () => {
  const { code } = scripts.find((script) => script.code.includes("case $code")) ?? { code: "" };
  const { env } = await openCommandStage({ cards: [{ ...CARD, outcomes: [{ refuse: "REQUEST_ALREADY_EXISTS" }] }] });
  const stdout = await runScript(code, { ...env, card: NAMED_CARD });
  expect(stdout).toMatch(
    /^Refused or failed\. Follow any nextStep before you print again: .*"nextStep":"check-status"/,
  );
});

it("src/command/README.md names every code after which the exit code is 1 although another request may print the card", () => {
  const [section = ""] = /^## Exit codes$.*?(?=^## )/ms.exec(markdown) ?? [];
  const codes = REQUEST_ERROR_CODES.filter((errorCode) => {
    const production = parseProduction({ status: "REQUEST_ERROR", errorCode });
    return exitCodeForProduction(production) === 1 && adviceFor(production).nextStep === "check-status";
  });
  expect(codes.filter((code) => !section.includes(`\`${code}\``))).toEqual([]);
});

async function runScript(code: string, env: NodeJS.ProcessEnv): Promise<string> {
  const shell = { ...env, PATH: `${folder}${delimiter}${process.env["PATH"]}` };
  const { stdout } = await promisify(execFile)("bash", ["-c", code], { cwd: folder, env: shell, timeout: 60_000 });
  return stdout;
}
