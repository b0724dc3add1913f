import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { COMPILERS, compilerFile } from "../support/compilers.js";
import { consumer, install } from "../support/consumer.js";
import { ALL_WORKS, runPrintProgram } from "../support/run-print-program.js";

const printProgram = fileURLToPath(new URL("bundle-program.mjs", import.meta.url));

/** Parses a production with the package, and the same with the user's own zod. */
const PROGRAM = `
  import { productionSchema } from "wise-card-kiosk/schemas";
  import { z } from "zod";
  const value = { status: "READY", kioskId: null, occurredAt: null, errorCode: null, description: null };
  console.log(productionSchema.parse(value).status, z.object({ status: z.string() }).parse(value).status);
`;

/** Types of the package and of the user's own zod in one program. */
const TYPED = `
  import type { Production } from "wise-card-kiosk";
  import { productionSchema } from "wise-card-kiosk/schemas";
  import { z } from "zod";
  export const production: Production = productionSchema.parse({});
  export const clerk: string = z.object({ clerk: z.string() }).parse({ clerk: "17" }).clerk;
`;

// Neither version is in the range of the package, so npm installs a second copy for it.
describe.each(["3", "4.0.0"])("in a project with zod %s", (version) => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "wise-card-kiosk-zod-"));
    writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
    install(folder, consumer().tarball, "@types/node@20", `zod@${version}`);
    cpSync(printProgram, join(folder, "program.mjs"));
    writeFileSync(join(folder, "typed.ts"), TYPED);
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const versionIn = (...path: string[]): string =>
    JSON.parse(readFileSync(join(folder, "node_modules", ...path, "zod/package.json"), "utf8")).version;

  it(`the package and its user have a zod of their own: ${version}`, () => {
    expect(versionIn()).toMatch(new RegExp(`^${version}`));
    expect(versionIn("wise-card-kiosk", "node_modules")).toMatch(/^4\.[1-9]/);
    const args = ["--input-type=module", "--eval", PROGRAM];
    expect(execFileSync(process.execPath, args, { cwd: folder, encoding: "utf8" })).toBe("READY READY\n");
  });

  it(`prints over every connection and receives a webhook beside zod ${version}`, async () => {
    expect(await runPrintProgram([process.execPath], join(folder, "program.mjs"))).toEqual(ALL_WORKS);
  });

  it.each(COMPILERS)(`%s compiles a program that uses /schemas beside zod ${version}`, (compiler) => {
    const options =
      "--noEmit --strict --skipLibCheck --module nodenext --target es2022 --lib es2022,webworker --types node";
    const args = [compilerFile(compiler, "bin/tsc"), ...options.split(" "), "typed.ts"];
    const { status, stdout } = spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8" });
    expect({ status, stdout }).toEqual({ status: 0, stdout: "" });
  });
});
