import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterAll, expect, it } from "vitest";

const { explain, listUnexplained, readReasons } = await import(new URL("reasons.mjs", import.meta.url).href);

/** The kinds of mutants that Stryker makes of our source. */
const MUTATORS = new Set([
  "ArithmeticOperator",
  "ArrayDeclaration",
  "ArrowFunction",
  "AssignmentOperator",
  "BlockStatement",
  "BooleanLiteral",
  "ConditionalExpression",
  "EqualityOperator",
  "LogicalOperator",
  "MethodExpression",
  "ObjectLiteral",
  "OptionalChaining",
  "Regex",
  "UnaryOperator",
  "UpdateOperator",
]);

interface Reason {
  readonly line: string;
  readonly mutators: readonly string[];
  readonly reason: string;
}

const folder = mkdtempSync(join(tmpdir(), "reasons-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it("a survivor is listed with its place and its change, unless a reason is written for its line and kind", () => {
  const fileName = join(folder, "wait.ts");
  writeFileSync(fileName, "start();\n  if (a > b) wait();\n");
  const path = relative(process.cwd(), fileName).replaceAll("\\", "/");
  const mutant = (mutatorName: string, status: string) => ({
    fileName,
    location: { start: { line: 2, column: 7 }, end: { line: 2, column: 12 } },
    mutatorName,
    replacement: "a >=  b",
    status,
  });
  const mutants = [
    mutant("ConditionalExpression", "Survived"),
    mutant("EqualityOperator", "Survived"),
    mutant("BlockStatement", "NoCoverage"),
    mutant("ArrowFunction", "Killed"),
  ];
  const entry = {
    line: "if (a > b) wait();",
    mutators: ["ConditionalExpression"],
    reason: "Equal times never get here.",
  };
  const explained = explain(mutants, { [path]: [entry] });
  expect(explained.map(({ reason }: { reason?: string }) => reason)).toEqual([
    "Equal times never get here.",
    undefined,
    undefined,
    undefined,
  ]);
  const change = "\n    if (a > b) wait();\n    a > b → a >= b";
  expect(listUnexplained(explained)).toEqual([
    `${path}:2:7 EqualityOperator${change}`,
    `${path}:2:7 BlockStatement${change}`,
  ]);
});

it("every reason is a sentence, for a line of its file and for kinds of mutants", () => {
  const files = readdirSync(new URL("reasons", import.meta.url));
  const entries = files.flatMap((file) => {
    const name = file.replace(/\.json$/, "");
    return Object.entries<Reason[]>(readReasons(name)).flatMap(([path, reasons]) =>
      reasons.map((reason) => ({ ...reason, path, name })),
    );
  });
  const wrong = entries.filter(({ name, path, line, mutators, reason }) => {
    const lines = readFileSync(path, "utf8").split("\n");
    return !(
      path.startsWith(`src/${name}/`) &&
      lines.some((one) => one.trim() === line) &&
      mutators.length > 0 &&
      mutators.every((mutator) => MUTATORS.has(mutator)) &&
      /^\S.{8,}\.$/.test(reason)
    );
  });
  expect(wrong).toEqual([]);
  expect(entries.length).toBeGreaterThan(30);
});
