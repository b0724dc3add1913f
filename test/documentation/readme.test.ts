import { fileURLToPath } from "node:url";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { page, pages, programsOf, root } from "../support/pages.js";

const readme = page("README.md");
const everything = pages.map(({ markdown }) => markdown).join("\n");

/** The entry points: the specifier of each, and its source file. */
const ENTRY_POINTS = Object.entries(manifest.exports)
  .filter(([, target]) => typeof target === "object")
  .map(([path, target]) => ({
    entryPoint: `wise-card-kiosk${path.slice(1)}`,
    source: (target as { import: { default: string } }).import.default.replace(/^\.\/dist\/(.+)\.js$/, "src/$1.ts"),
  }));

/** Returns the names that a module exports, types included. */
function exportsOf(source: string): string[] {
  const path = fileURLToPath(new URL(source, root));
  const { config } = ts.readConfigFile(fileURLToPath(new URL("tsconfig.json", root)), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, fileURLToPath(root));
  const program = ts.createProgram([path], options);
  const checker = program.getTypeChecker();
  const module = checker.getSymbolAtLocation(program.getSourceFile(path) as ts.SourceFile);
  return checker.getExportsOfModule(module as ts.Symbol).map(({ name }) => name);
}

describe("the README", () => {
  it("the README shows code within 20 lines, and has at most 400 lines", () => {
    expect(programsOf(readme)[0]?.line).toBeLessThan(20);
    expect(readme.markdown.trimEnd().split("\n").length).toBeLessThanOrEqual(400);
  });

  it("the README lists the commands that a newcomer needs, and every page only scripts that exist", () => {
    const commands = readme.blocks.filter(({ language }) => language === "sh").flatMap(({ code }) => code.split("\n"));
    expect(commands).toEqual(["npm install wise-card-kiosk", "npm ci && npm run demo", "npm ci && npm test"]);
    const mentioned = [...everything.matchAll(/npm (?:run )?(test(?::\w+)?|demo|build|check[:\w]*|lint|typecheck)\b/g)];
    expect(Object.keys(manifest.scripts)).toEqual(expect.arrayContaining(mentioned.map(([, script]) => script)));
  });
});

it("every page shows code of known languages only", () => {
  expect([...new Set(pages.flatMap(({ blocks }) => blocks.map(({ language }) => language)))].sort()).toEqual([
    "sh",
    "sql",
    "ts",
  ]);
});

it.each(ENTRY_POINTS)("some page names every export of $entryPoint", { timeout: 120_000 }, ({ source }) => {
  const exported = exportsOf(source);
  expect(exported.length).toBeGreaterThan(0);
  expect(exported.filter((name) => !new RegExp(`\\b${name}\\b`).test(everything))).toEqual([]);
});
