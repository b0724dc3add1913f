import { join } from "node:path";
import manifest from "../../package.json";
import { consumer } from "./consumer.js";
import { ENTRY_POINTS } from "./entry-points.js";
import { loadDeclarations, type Statement, surfaceProgram } from "./surface-program.js";
import { TypeStage } from "./type-project.js";

/** Returns the name of the file in which a stage has the program of an entry point. */
export function surfaceFile(statement: Statement, specifier: string): string {
  return `${statement}/${specifier.replaceAll("/", "-")}.ts`;
}

/** Creates a stage with the {@link surfaceProgram} of each of these entry points, in both formats. */
export function createSurfaceStage(
  name: string,
  specifiers: readonly string[],
  statements: readonly Statement[],
): TypeStage {
  const stage = new TypeStage(name);
  const installed = join(consumer().folder, "node_modules", manifest.name);
  const entries = ENTRY_POINTS.filter(({ specifier }) => specifiers.includes(specifier)).map(
    ({ specifier, source }) => [specifier, join(installed, source.replace(/^src\/(.+)\.ts$/, "dist/$1.d.ts"))] as const,
  );
  const declarations = loadDeclarations(entries.map(([, file]) => file));
  for (const [specifier, file] of entries) {
    for (const statement of statements) {
      const text = surfaceProgram(declarations, specifier, file, statement);
      for (const format of ["esm", "cjs"]) stage.write(`${format}/${surfaceFile(statement, specifier)}`, text);
    }
  }
  return stage;
}
