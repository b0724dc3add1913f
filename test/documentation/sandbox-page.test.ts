import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { CONTROL_ROUTES } from "../../src/sandbox/control/control-routes.js";
import { compileCommand } from "../support/command-program.js";
import { page } from "../support/pages.js";
import { startSandbox } from "../support/running-sandbox.js";

const folder = mkdtempSync(join(tmpdir(), "sandbox-page-"));
const { markdown, blocks } = page("src/sandbox/README.md");
const scripts = blocks.filter(({ language }) => language === "sh");

/** The program as npm installs it. */
beforeAll(async () => {
  const program = await compileCommand();
  const bin = join(folder, "node_modules/.bin");
  mkdirSync(bin, { recursive: true });
  const shim = `#!/bin/sh\nexec "${process.execPath}" "${program}" "$@"\n`;
  writeFileSync(join(bin, "wise-card-kiosk"), shim, { mode: 0o755 });
});

afterAll(() => rmSync(folder, { recursive: true }));

it("src/sandbox/README.md shows a shell script", () => {
  expect(scripts.length).toBeGreaterThan(0);
});

it.each(scripts)("src/sandbox/README.md: the script at line $line prints what it promises", async ({ code }) => {
  const promised = [...code.matchAll(/^# → (.*)$/gm)].map(([, line]) => line);
  const { stdout } = await promisify(execFile)("bash", ["-c", `${code}\nwait`], { cwd: folder, timeout: 30_000 });
  expect(stdout.trimEnd().split("\n")).toEqual(promised);
});

it("src/sandbox/README.md shows a seed file with which the sandbox starts", async () => {
  const [seed] = blocks.filter(({ language }) => language === "json");
  await using sandbox = await startSandbox({ seed: seed?.code });
  const { body } = await sandbox.control("GET", "/state");
  expect(body.cards.map(({ cardToken }: { cardToken: string }) => cardToken)).toEqual(["card-1", "card-2"]);
  expect(body).toMatchObject({ kiosks: ["BRANCH-1"], settings: { webhookUrl: "http://127.0.0.1:3000/webhooks" } });
});

it("src/sandbox/README.md lists every path of the control API", () => {
  const shown = CONTROL_ROUTES.filter(({ path }) => {
    const action = `…/${path.split("/").at(-1)}`;
    return (
      !markdown.includes(`/_sandbox${path}`) && !markdown.includes(`\`${action}\``) && !markdown.includes(` ${action}`)
    );
  });
  expect(shown.map(({ path }) => path)).toEqual([]);
});
