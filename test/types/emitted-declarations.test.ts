import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import manifest from "../../package.json";
import { consumer } from "../support/consumer.js";
import { ENTRY_POINTS } from "../support/entry-points.js";
import { COMPILERS_WITH_SETTINGS, type ModuleSetting } from "../support/module-settings.js";
import { type Statement, surfaceProgram } from "../support/surface-program.js";
import { type TypeProject, TypeStage } from "../support/type-project.js";

/** MSW's own declarations need the types of a browser, and cannot be imported from CommonJS under `node16`. */
const ENTRIES = ENTRY_POINTS.filter(({ specifier }) => !specifier.endsWith("/msw"));

const STATEMENTS: readonly Statement[] = ["inferred", "annotated"];

const programFile = (specifier: string): string => `${specifier.replaceAll("/", "-")}.ts`;

let stage: TypeStage;

beforeAll(() => {
  stage = new TypeStage("emitted-declarations");
  for (const { specifier, source } of ENTRIES) {
    const declarations = source.replace(/^src\/(.+)\.ts$/, "dist/$1.d.ts");
    const file = join(consumer().folder, "node_modules", manifest.name, declarations);
    for (const statement of STATEMENTS) {
      const text = surfaceProgram(specifier, file, statement);
      for (const format of ["esm", "cjs"]) stage.write(`${format}/${statement}/${programFile(specifier)}`, text);
    }
  }
});

it.todo("x");
void readdirSync;
void readFileSync;
void COMPILERS_WITH_SETTINGS;
void expect;

export type { ModuleSetting, TypeProject };
