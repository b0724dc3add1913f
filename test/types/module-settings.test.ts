import { readdirSync, readFileSync } from "node:fs";
import { beforeAll, expect, it } from "vitest";
import { COMPILERS, type Compiler, NEWEST_NODE_TYPES } from "../support/compilers.js";
import { SPECIFIERS } from "../support/entry-points.js";
import { COMPILERS_WITH_SETTINGS, type ModuleSetting } from "../support/module-settings.js";
import { type TypeProject, TypeStage } from "../support/type-project.js";

const PROGRAMS = new URL("programs/", import.meta.url);
const programs = readdirSync(PROGRAMS);

const entryFile = (specifier: string): string => `entry-${specifier.replaceAll("/", "-")}.ts`;

let stage: TypeStage;

beforeAll(() => {
  stage = new TypeStage("module-settings");
  for (const format of ["esm", "cjs"]) {
    for (const name of programs) stage.write(`${format}/${name}`, readFileSync(new URL(name, PROGRAMS), "utf8"));
    for (const specifier of SPECIFIERS) {
      stage.write(`${format}/${entryFile(specifier)}`, `export * as entry from "${specifier}";\n`);
    }
  }
});

/**
 * MSW's own declarations need the types of a browser. They import ES modules, which CommonJS cannot do under `node16`, nor, before
 * TypeScript 5.8, under `nodenext`.
 */
const WITH_MSW = "wise-card-kiosk/testing/msw";

/**
 * Returns a project for all entry points and type tests. Under `nodenext`, each entry point is also alone in a project: what it
 * lacks, no other may add.
 */
function projectsFor(
  compiler: Compiler,
  { name, compilerOptions, formats }: ModuleSetting,
): Record<string, TypeProject> {
  const inFormats = (file: string, among = formats) => among.map((format) => `${format}/${file}`);
  const withNode = { ...compilerOptions, types: ["node"] };
  const mswInEsmOnly = name === "node16" || (name === "nodenext" && compiler === "typescript-5.4");
  const others = SPECIFIERS.filter((specifier) => specifier !== WITH_MSW);
  const alone = others.map((specifier) => [
    specifier,
    { compilerOptions: withNode, files: inFormats(entryFile(specifier)) },
  ]);
  return {
    ...(name === "nodenext" ? Object.fromEntries(alone) : {}),
    [WITH_MSW]: {
      compilerOptions: { ...withNode, lib: ["es2022", "dom"] },
      files: inFormats(entryFile(WITH_MSW), mswInEsmOnly ? ["esm"] : formats),
    },
    "all others, and the type tests": {
      compilerOptions: withNode,
      files: [...others.map(entryFile), ...programs].flatMap((file) => inFormats(file)),
    },
  };
}

it.each(COMPILERS_WITH_SETTINGS)("%s compiles every entry point and the type tests: %s", async (...row) => {
  const [compiler, , setting] = row;
  const projects = projectsFor(compiler, setting);
  expect(await stage.compile(compiler, projects)).toEqual(
    Object.fromEntries(Object.keys(projects).map((name) => [name, ""])),
  );
});

it.each<Compiler>(["typescript-5.4", "typescript-5.9"])(
  "%s compiles every entry point but /schemas as CommonJS without esModuleInterop",
  async (compiler) => {
    const compilerOptions = { module: "commonjs", moduleResolution: "node10", lib: ["es2022"], types: ["node"] };
    const names = SPECIFIERS.filter((specifier) => specifier !== WITH_MSW && !specifier.endsWith("/schemas"));
    const files = names.map((specifier) => `cjs/${entryFile(specifier)}`);
    expect(await stage.compile(compiler, { entries: { compilerOptions, files } })).toEqual({ entries: "" });
  },
);

it.each<Compiler>(["typescript-5.9", "typescript-7.0"])(
  "%s compiles every entry point and the type tests with the newest types of Node.js",
  async (compiler) => {
    const compilerOptions = { module: "nodenext", lib: ["es2022"], types: ["node"], typeRoots: [NEWEST_NODE_TYPES] };
    const names = SPECIFIERS.filter((specifier) => specifier !== WITH_MSW).map(entryFile);
    const files = [...names, ...programs].map((name) => `esm/${name}`);
    expect(await stage.compile(compiler, { newest: { compilerOptions, files } })).toEqual({ newest: "" });
  },
);

/** Settings that a compiler does not have yet, or no longer has, and the errors about them. */
const REFUSED: Readonly<Record<Compiler, readonly (readonly [code: string, compilerOptions: object])[]>> = {
  "typescript-5.4": [["TS5095", { module: "commonjs", moduleResolution: "bundler" }]],
  "typescript-5.9": [["TS5095", { module: "commonjs", moduleResolution: "bundler" }]],
  "typescript-6.0": [
    ["TS5107", { module: "commonjs", moduleResolution: "node10" }],
    ["TS5107", { module: "commonjs", esModuleInterop: false }],
    ["TS5107", { module: "esnext", moduleResolution: "classic" }],
  ],
  "typescript-7.0": [
    ["TS5108", { module: "commonjs", moduleResolution: "node10", ignoreDeprecations: "6.0" }],
    ["TS5108", { module: "commonjs", esModuleInterop: false }],
    ["TS5108", { module: "esnext", moduleResolution: "classic" }],
  ],
};

it.each(COMPILERS)(
  "%s refuses the module settings that test/types/README.md says it does not have",
  async (compiler) => {
    stage.write("cjs/empty.ts", "export {};\n");
    const projects = REFUSED[compiler].map(([, options]): [string, TypeProject] => [
      JSON.stringify(options),
      { compilerOptions: { ...options, types: [], lib: ["es5"] }, files: ["cjs/empty.ts"] },
    ]);
    const reports = await stage.compile(compiler, Object.fromEntries(projects));
    expect(Object.values(reports).map((report) => report.match(/TS\d+/g))).toEqual(
      REFUSED[compiler].map(([code]) => [code]),
    );
  },
);
