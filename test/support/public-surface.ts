import { fileURLToPath } from "node:url";
import ts from "typescript";
import { ENTRY_POINTS, type EntryPoint } from "./entry-points.js";
import { root } from "./pages.js";

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
  listExports({ source }: EntryPoint): ReadonlyMap<string, ts.Symbol> {
    const file = this.#program.getSourceFile(fileURLToPath(new URL(source, root))) as ts.SourceFile;
    const module = this.checker.getSymbolAtLocation(file) as ts.Symbol;
    const named = this.checker.getExportsOfModule(module).map((symbol) => {
      const isAlias = (symbol.flags & ts.SymbolFlags.Alias) !== 0;
      return [symbol.name, isAlias ? this.checker.getAliasedSymbol(symbol) : symbol] as const;
    });
    return new Map(named.sort(([a], [b]) => (a < b ? -1 : 1)));
  }
}
