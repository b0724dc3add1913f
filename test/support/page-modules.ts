import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import type { Program } from "./pages.js";

const supportPath = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Programs of the documentation as modules, in a folder beside the tests so that imports resolve as they do there. */
export class PageModules implements Disposable {
  readonly #folder = mkdtempSync(supportPath("./.page-"));
  readonly #programs: readonly Program[];

  /** @param port replaces the port 3000 of the programs. */
  constructor(programs: readonly Program[], port: number) {
    this.#programs = programs;
    for (const program of programs) {
      writeFileSync(this.filePath(program), `${program.code.replaceAll("3000", String(port))}\nexport {};\n`);
    }
  }

  /** Returns the path of the module of a program. */
  filePath({ path, line }: Program): string {
    return join(this.#folder, `${path.replaceAll("/", "-")}-line-${line}.ts`);
  }

  /**
   * Type-checks all modules and returns the errors.
   *
   * @param names of `PageStage`, which the modules can use without declaring them.
   */
  typeErrors(names: readonly string[]): string[] {
    const declarations = names.map(
      (name) => `const ${name}: import("../page-stage.js").PageStage["names"]["${name}"];`,
    );
    const globals = join(this.#folder, "names.d.ts");
    writeFileSync(globals, `declare global {\n${declarations.join("\n")}\n}\nexport {};\n`);
    const { config } = ts.readConfigFile(supportPath("../../tsconfig.json"), ts.sys.readFile);
    const { options } = ts.parseJsonConfigFileContent(config, ts.sys, supportPath("../.."));
    const program = ts.createProgram([globals, ...this.#programs.map((program) => this.filePath(program))], {
      ...options,
      // The pages write `process.env.NAME`, as people do.
      noPropertyAccessFromIndexSignature: false,
    });
    return ts.getPreEmitDiagnostics(program).map(({ file, start = 0, messageText }) => {
      const line = (file?.getLineAndCharacterOfPosition(start).line ?? 0) + 1;
      return `${basename(file?.fileName ?? "")} + ${line}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`;
    });
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
