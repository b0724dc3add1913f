import { execFileSync } from "node:child_process";
import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, expect, it } from "vitest";
import { consumer } from "../support/consumer.js";
import { RUNTIMES } from "../support/runtimes.js";

const PROGRAM = "print-through-msw.mjs";
const WITH_EXIT = "print-through-msw-and-exit.mjs";

let cwd: string;

beforeAll(() => {
  cwd = join(consumer().folder, "esm");
  cpSync(fileURLToPath(new URL(`../package/${PROGRAM}`, import.meta.url)), join(cwd, PROGRAM));
  writeFileSync(join(cwd, WITH_EXIT), `await import("./${PROGRAM}"); process.exit();`);
});

it.each(RUNTIMES)("a card is printed through MSW under %s", (name, [runtime, ...options]) => {
  // MSW keeps a program under Deno alive.
  const program = name === "Deno" ? WITH_EXIT : PROGRAM;
  const printed = execFileSync(runtime, [...options, program], { cwd, encoding: "utf8", timeout: 60_000 });
  expect(JSON.parse(printed)).toEqual({ status: "IN_PROGRESS", requests: 1 });
});
