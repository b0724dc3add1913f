import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Compiler, compileProjects } from "./compilers.js";
import { consumer } from "./consumer.js";
import { STRICT_OPTIONS } from "./module-settings.js";

/** Programs that are compiled together. */
export interface TypeProject {
  /** Options besides the {@link STRICT_OPTIONS}. */
  readonly compilerOptions: Readonly<Record<string, unknown>>;
  /** The paths of the files, in the folder of the stage. */
  readonly files: readonly string[];
}

/** A folder in the project of the user, for programs that are compiled there. */
export class TypeStage {
  readonly folder: string;
  #count = 0;

  constructor(name: string) {
    this.folder = join(consumer().folder, name);
    this.write("esm/package.json", '{ "type": "module" }');
    this.write("cjs/package.json", '{ "type": "commonjs" }');
  }

  /** Writes a file. */
  write(path: string, text: string): void {
    const file = join(this.folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  /** Compiles projects with one compiler, and returns its reports under the same names: an empty text if all is well. */
  async compile(compiler: Compiler, projects: Readonly<Record<string, TypeProject>>): Promise<Record<string, string>> {
    const paths = Object.entries(projects).map(([name, { compilerOptions, files }]) => {
      const path = `tsconfig.${compiler}.${this.#count++}.json`;
      this.write(path, JSON.stringify({ compilerOptions: { ...STRICT_OPTIONS, ...compilerOptions }, files }));
      return [name, path] as const;
    });
    const reports = await compileProjects(
      compiler,
      this.folder,
      paths.map(([, path]) => path),
    );
    return Object.fromEntries(paths.map(([name, path]) => [name, reports.get(path) ?? "not compiled"]));
  }
}
