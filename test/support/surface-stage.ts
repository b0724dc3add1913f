import { join } from "node:path";
import manifest from "../../package.json";
import { consumer } from "./consumer.js";
import { ENTRY_POINTS } from "./entry-points.js";
import { type Statement, surfaceProgram } from "./surface-program.js";
import { TypeStage } from "./type-project.js";

/** Returns the name of the file in which a stage has the program of an entry point. */
export function surfaceFile(statement: Statement, specifier: string): string {
  return `${statement}/${specifier.replaceAll("/", "-")}.ts`;
}

/** Creates a stage with the {@link surfaceProgram} of each entry point, in both formats. */
export function createSurfaceStage(name: string, statements: readonly Statement[]): TypeStage {
  const stage = new TypeStage(name);
  for (const { specifier, source } of ENTRY_POINTS) {
    const declarations = source.replace(/^src\/(.+)\.ts$/, "dist/$1.d.ts");
    const file = join(consumer().folder, "node_modules", manifest.name, declarations);
    for (const statement of statements) {
      const text = surfaceProgram(specifier, file, statement);
      for (const format of ["esm", "cjs"]) stage.write(`${format}/${surfaceFile(statement, specifier)}`, text);
    }
  }
  return stage;
}
