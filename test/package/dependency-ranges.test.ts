import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import manifest from "../../package.json";
import { COMPILERS, compilerFile } from "../support/compilers.js";
import { consumer, install } from "../support/consumer.js";
import { nodeBinary } from "../support/node-versions.js";
import { ALL_WORKS, runPrintProgram } from "../support/run-print-program.js";

const RANGES = { ...manifest.dependencies, ...manifest.peerDependencies };

type Name = keyof typeof RANGES;

const NAMES = Object.keys(manifest.dependencies) as (keyof typeof manifest.dependencies)[];

const lowestIn = (range: string): string => /\d+\.\d+\.\d+/.exec(range)?.[0] ?? range;
const first = (range: string): string => range.split(" || ")[0] ?? range;
const last = (range: string): string => range.split(" || ").at(-1) ?? range;

/** The ends of the ranges, how to name the version of a package at each, and a version of Node.js that MSW runs on there. */
const ENDS = [
  ["lowest", (range: string) => lowestIn(range), "20.18"],
  ["highest of the first major", first, "20.18"],
  ["lowest of the last major", (range: string) => lowestIn(last(range)), "24"],
  ["highest", last, "24"],
] as const;

const sources = fileURLToPath(new URL(".", import.meta.url));

describe.each(ENDS)("with the %s versions of its dependencies", (end, toVersion, nodeForMsw) => {
  let folder: string;
  const wanted = (name: Name) => `${name}@${toVersion(RANGES[name])}`;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "wise-card-kiosk-ranges-"));
    writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
    install(folder, consumer().tarball, "@types/node@20", ...NAMES.map(wanted), wanted("msw"));
    for (const program of ["bundle-program.mjs", "compose-schemas.mjs", "print-through-msw.mjs"])
      cpSync(sources + program, join(folder, program));
    mkdirSync(join(folder, "types"));
    for (const file of ["schemas.ts", "composed-schemas.ts"]) {
      cpSync(`${sources}../types/programs/${file}`, join(folder, "types", file));
    }
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it(`shares one copy of each dependency with its user: ${end}`, () => {
    const listed = execFileSync("npm", ["ls", "--all", "--parseable", "--long"], { cwd: folder, encoding: "utf8" });
    for (const name of [...NAMES, "msw"] as const) {
      const { version } = JSON.parse(readFileSync(join(folder, "node_modules", name, "package.json"), "utf8"));
      const copies = [...listed.matchAll(new RegExp(`:${name}@(\\S+?)(?::|$)`, "gm"))].map(([, found]) => found);
      expect(copies).toEqual([version]);
      if (end.startsWith("lowest")) expect(wanted(name)).toBe(`${name}@${version}`);
    }
  });

  it.each(["20.18", "24"] as const)(
    `prints over every connection and receives a webhook on Node.js %s: ${end}`,
    async (node) => {
      expect(await runPrintProgram([nodeBinary(node)], join(folder, "bundle-program.mjs"))).toEqual(ALL_WORKS);
    },
  );

  it(`prints through MSW: ${end}`, () => {
    const printed = execFileSync(nodeBinary(nodeForMsw), ["print-through-msw.mjs"], { cwd: folder, encoding: "utf8" });
    expect(JSON.parse(printed)).toEqual({ status: "IN_PROGRESS", requests: 1 });
  });

  it.each(["zod", "zod/mini"])(`/schemas can be composed with the schemas of %s: ${end}`, (api) => {
    const output = execFileSync(process.execPath, ["compose-schemas.mjs", api], { cwd: folder, encoding: "utf8" });
    const details = { kioskId: null, occurredAt: null, errorCode: null, description: null };
    const production = { status: "UNRECOGNIZED", rawStatus: "PAUSED", ...details };
    expect(JSON.parse(output)).toEqual({
      decoded: { clerk: "17", production, code: "PRD_HOPPER_JAM", history: [production] },
      encoded: {
        clerk: "17",
        production: { status: "PAUSED", ...details },
        code: "PRD_HOPPER_JAM",
        history: [{ status: "PAUSED", ...details }],
      },
      refused: ["production.kioskId", "code"],
      messages:
        api === "zod" ? ["Invalid input: expected string, received number", "Invalid input"] : expect.any(Array),
    });
  });

  it.each(COMPILERS)(`%s compiles schemas that are composed with /schemas: ${end}`, (compiler) => {
    const project = join(folder, `tsconfig.${compiler}.json`);
    const compilerOptions = {
      module: "nodenext",
      target: "es2022",
      lib: ["es2022", "webworker"],
      types: ["node"],
      strict: true,
      exactOptionalPropertyTypes: true,
      // The declarations of some versions of zod do not compile with the oldest compiler.
      skipLibCheck: true,
      noEmit: true,
    };
    writeFileSync(project, JSON.stringify({ compilerOptions, include: ["types"] }));
    const tsc = compilerFile(compiler, "bin/tsc");
    const { status, stdout } = spawnSync(process.execPath, [tsc, "--project", project], { encoding: "utf8" });
    expect({ status, stdout }).toEqual({ status: 0, stdout: "" });
  });
});
