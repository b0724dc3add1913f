import { readFileSync } from "node:fs";
import { beforeAll, expect, it } from "vitest";
import { SPECIFIERS } from "../support/entry-points.js";
import { COMPILERS_WITH_SETTINGS } from "../support/module-settings.js";
import { createSurfaceStage, surfaceFile } from "../support/surface-stage.js";
import type { TypeProject, TypeStage } from "../support/type-project.js";

/** MSW's own declarations need the types of a browser, and cannot be imported from CommonJS under `node16`. */
const ENTRIES = SPECIFIERS.filter((specifier) => !specifier.endsWith("/msw"));

const RE_EXPORTS = "re-exports.ts";

let stage: TypeStage;

beforeAll(() => {
  stage = createSurfaceStage("emitted-declarations", ENTRIES, ["inferred", "annotated"]);
  const text = readFileSync(new URL(`programs/${RE_EXPORTS}`, import.meta.url), "utf8");
  for (const format of ["esm", "cjs"]) stage.write(`${format}/${RE_EXPORTS}`, text);
});

it.each(COMPILERS_WITH_SETTINGS)("%s names every type of every entry point in declarations: %s", async (...row) => {
  const [compiler, name, { compilerOptions, formats }] = row;
  const emitted = `emitted-${compiler}-${name.replace(/\W+/g, "-")}`;
  for (const [format, type] of Object.entries({ esm: "module", cjs: "commonjs" })) {
    stage.write(`${emitted}/${format}/package.json`, JSON.stringify({ type }));
  }
  const inFormats = (file: string) => formats.map((format) => `${format}/${file}`);
  const withNode = { ...compilerOptions, types: ["node"] };
  const emitting = { ...withNode, noEmit: false, declaration: true, emitDeclarationOnly: true, rootDir: "." };
  const emit = (files: readonly string[], more = {}): TypeProject => ({
    compilerOptions: { ...emitting, outDir: emitted, ...more },
    files: files.flatMap(inFormats),
  });
  const annotated = ENTRIES.map((specifier) => surfaceFile("annotated", specifier));
  const inferred = ENTRIES.map((specifier) => surfaceFile("inferred", specifier));
  // A compiler may name a type after any entry point that a program imports, so each is alone in its project too.
  const alone = ENTRIES.map((specifier, index) => [specifier, emit(inferred.slice(index, index + 1))]);
  const projects: Record<string, TypeProject> = {
    inferred: emit([...inferred, RE_EXPORTS]),
    ...(name === "nodenext" ? Object.fromEntries(alone) : {}),
    // The option is new in TypeScript 5.5.
    annotated: emit(annotated, compiler === "typescript-5.4" ? {} : { isolatedDeclarations: true }),
    // Projects are compiled in order, so these files exist by now.
    "the emitted declarations": {
      compilerOptions: withNode,
      files: [...inferred, ...annotated, RE_EXPORTS]
        .flatMap(inFormats)
        .map((file) => `${emitted}/${file.replace(/\.ts$/, ".d.ts")}`),
    },
  };
  expect(await stage.compile(compiler, projects)).toEqual(
    Object.fromEntries(Object.keys(projects).map((project) => [project, ""])),
  );
});
