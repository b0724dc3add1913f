import { fileURLToPath } from "node:url";
import ts from "typescript";
import manifest from "../../package.json" with { type: "json" };
import { root } from "./pages.js";

/** An entry point of the package. */
export interface EntryPoint {
  /** What users import. */
  readonly specifier: string;
  /** Its source file, from the root of the repository. */
  readonly source: string;
}

export const ENTRY_POINTS: readonly EntryPoint[] = Object.entries(manifest.exports)
  .filter(([, target]) => typeof target === "object")
  .map(([path, target]) => ({
    specifier: `wise-card-kiosk${path.slice(1)}`,
    source: (target as { import: { default: string } }).import.default.replace(/^\.\/dist\/(.+)\.js$/, "src/$1.ts"),
  }));

/** Everything that the entry points export, as the compiler sees it. */
export class PublicSurface {
  readonly checker: ts.TypeChecker;
  readonly #program: ts.Program;

  constructor() {
    const folder = fileURLToPath(root);
    const { config } = ts.readConfigFile(`${folder}tsconfig.json`, ts.sys.readFile);
    const { options } = ts.parseJsonConfigFileContent(config, ts.sys, folder);
    this.#program = ts.createProgram(
      ENTRY_POINTS.map(({ source }) => folder + source),
      options,
    );
    this.checker = this.#program.getTypeChecker();
  }

  /** Returns the exports of an entry point by name, types included, in alphabetical order. */
  exportsOf({ source }: EntryPoint): ReadonlyMap<string, ts.Symbol> {
    const file = this.#program.getSourceFile(fileURLToPath(new URL(source, root))) as ts.SourceFile;
    const module = this.checker.getSymbolAtLocation(file) as ts.Symbol;
    const named = this.checker.getExportsOfModule(module).map((symbol) => {
      const isAlias = (symbol.flags & ts.SymbolFlags.Alias) !== 0;
      return [symbol.name, isAlias ? this.checker.getAliasedSymbol(symbol) : symbol] as const;
    });
    return new Map(named.sort(([a], [b]) => (a < b ? -1 : 1)));
  }
}
