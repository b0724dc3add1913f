import { readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import ts from "typescript";
import { expect, it } from "vitest";
import manifest from "../../package.json";
import { consumer } from "../support/consumer.js";

const installed = (): string => join(consumer().folder, "node_modules", manifest.name);

/** Returns the packages that a declaration file imports, directly or through other files of this package. */
function packagesImportedBy(file: string, seen = new Set<string>()): string[] {
  if (seen.has(file)) return [];
  seen.add(file);
  const text = readFileSync(join(installed(), file), "utf8");
  const names = [...text.matchAll(/(?:\bfrom|\bimport|\brequire)\s*\(?\s*['"]([^'"]+)['"]/g)].map(
    ([, name = ""]) => name,
  );
  return names.flatMap((name) =>
    name.startsWith(".") ? packagesImportedBy(normalize(join(dirname(file), toDeclarationPath(name))), seen) : [name],
  );
}

const toDeclarationPath = (path: string): string => path.replace(/\.(c?)js$/, ".d.$1ts");

const files = Object.values(manifest.exports).flatMap((entry) =>
  typeof entry === "string" ? [] : [entry.import.types, entry.require.types],
);

it.each(files)("%s imports no types of undici or jose, and types of zod only in /schemas", (file) => {
  const packages = new Set(packagesImportedBy(file).map((name) => name.split("/", 1)[0]));
  expect(["zod", "undici", "jose"].filter((name) => packages.has(name))).toEqual(
    file.includes("/schemas/") ? ["zod"] : [],
  );
});

it("declarations have no optional property that rejects undefined", () => {
  const own = files.map((file) => join(installed(), file));
  const program = ts.createProgram(own, {
    module: ts.ModuleKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    strict: true,
    exactOptionalPropertyTypes: true,
  });
  const refusing = program
    .getSourceFiles()
    .filter(({ fileName }) => fileName.startsWith(installed()))
    .flatMap((file) => refusingProperties(file, program.getTypeChecker()));
  const unexpected = refusing.filter((name) => !HANDED_OUT.has(name.split(".", 1)[0] ?? ""));
  expect(new Set(unexpected)).toEqual(new Set());
  expect(refusing).toContain("Exchange.httpStatus");
});

/**
 * Types of objects that the package creates for its user. They never contain `undefined`, and the types to which users pass them
 * (those of `fetch`, undici and AWS) may reject it.
 */
const HANDED_OUT: ReadonlySet<string> = new Set([
  "Exchange",
  "FetchInitLike",
  "DispatchOptionsLike",
  "LambdaHttpResult",
]);

/** Returns the optional properties in a file that can be omitted but not be `undefined`, each after its type. */
function refusingProperties(file: ts.SourceFile, checker: ts.TypeChecker): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node, owner: string): void => {
    const name = ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node) ? node.name.text : owner;
    if (ts.isTypeReferenceNode(node) && node.typeName.getText() === "Partial") found.push(`${name}.[Partial]`);
    if (ts.isMethodSignature(node) && node.questionToken !== undefined) found.push(`${name}.${node.name.getText()}`);
    const isOptional =
      (ts.isPropertySignature(node) || ts.isPropertyDeclaration(node) || ts.isMappedTypeNode(node)) &&
      node.questionToken !== undefined;
    if (isOptional && node.type !== undefined && !acceptsUndefined(checker.getTypeFromTypeNode(node.type))) {
      found.push(`${name}.${ts.isMappedTypeNode(node) ? "[mapped]" : node.name.getText()}`);
    }
    node.forEachChild((child) => visit(child, name));
  };
  visit(file, "");
  return found;
}

function acceptsUndefined(type: ts.Type): boolean {
  const accepting = ts.TypeFlags.Undefined | ts.TypeFlags.Unknown | ts.TypeFlags.Any;
  return type.isUnion() ? type.types.some(acceptsUndefined) : (type.flags & accepting) !== 0;
}
