import { fileURLToPath } from "node:url";
import ts from "typescript";
import { expect, it } from "vitest";
import { ENTRY_POINTS } from "../support/entry-points.js";
import { findNumericOptions } from "../support/numeric-options.js";
import { root } from "../support/pages.js";
import { PublicSurface } from "../support/public-surface.js";

/** Numbers that count nothing. */
const WITHOUT_UNIT: ReadonlySet<string> = new Set([
  "KioskWebhookHandlerOptions.invalidSignatureStatus",
  "ErrorFixtureChanges.httpStatus",
  "ListenOptions.port",
]);

const UNIT = /\b(milliseconds|per second|how often|how many|number of)\b/i;
const RANGE = /\d to \d|positive integer/;
const DEFAULT = /\b[Dd]efault:? [\d`]|\bDefault: \S/;

// The compiler reads all declarations of Node.js and undici, which takes long on a busy machine.
it("every numeric option states its unit, its range and its default", () => {
  const surface = new PublicSurface();
  const exports = ENTRY_POINTS.flatMap((entryPoint) => [...surface.listExports(entryPoint)]);
  const options = [...findNumericOptions(surface.checker, exports)];
  const without = (pattern: RegExp) => options.filter(([, words]) => !pattern.test(words)).map(([name]) => name);
  const durations = options.filter(([name, words]) => name.endsWith("Ms") && !words.includes("in milliseconds"));
  expect({
    unit: without(UNIT).filter((name) => !WITHOUT_UNIT.has(name)),
    range: without(RANGE),
    default: without(DEFAULT),
    durations: durations.map(([name]) => name),
  }).toEqual({ unit: [], range: [], default: [], durations: [] });
  expect(options.length).toBeGreaterThan(40);
}, 120_000);

/** An exported type, and the numeric options in it. */
const PLACES: readonly (readonly [declaration: string, names: readonly string[]])[] = [
  ["interface Options { plainMs?: number; needed: number; text?: string; bytes?: Uint8Array }", ["Options.plainMs"]],
  ["interface Options { lanes?: readonly { waitMs?: number }[] }", ["Options.lanes.waitMs"]],
  ["interface Options { lanes?: [{ waitMs?: number }, string?] }", ["Options.lanes.waitMs"]],
  ["interface Options { both?: { aMs?: number } & { bMs?: number } }", ["Options.both.aMs", "Options.both.bMs"]],
  [
    "interface Options { either?: { aMs?: number } | { bMs?: number }[] }",
    ["Options.either.aMs", "Options.either.bMs"],
  ],
  ["interface Options { byName?: Record<string, { waitMs?: number }> }", ["Options.byName.waitMs"]],
  ["interface Options { frozen?: Readonly<{ waitMs?: number }> }", ["Options.frozen.waitMs"]],
  ["interface Options { onRead?(info: { waitMs?: number }[]): void }", ["Options.onRead(info).waitMs"]],
  ["type Options = readonly { waitMs?: number }[]", ["Options.waitMs"]],
  ["function wait(...given: { waitMs?: number }[]): void", ["wait(given).waitMs"]],
];

it.each(PLACES)("numeric options are found in: %s", (declaration, names) => {
  const file = fileURLToPath(new URL("src/imagined.ts", root));
  const options: ts.CompilerOptions = { strict: true, target: ts.ScriptTarget.ES2022, types: [] };
  const host = ts.createCompilerHost(options);
  const { getSourceFile } = host;
  const text = `export declare ${declaration};`;
  host.getSourceFile = (name, target, ...rest) =>
    name === file ? ts.createSourceFile(name, text, target) : getSourceFile(name, target, ...rest);
  const program = ts.createProgram([file], options, host);
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(file) as ts.SourceFile;
  const exports = checker.getExportsOfModule(checker.getSymbolAtLocation(source) as ts.Symbol);
  const found = findNumericOptions(
    checker,
    exports.map((symbol) => [symbol.name, symbol] as const),
  );
  expect([...found.keys()]).toEqual(names);
});
