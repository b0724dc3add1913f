import { fileURLToPath } from "node:url";
import ts from "typescript";
import { expect, it } from "vitest";
import { ENTRY_POINTS } from "../support/entry-points.js";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const FOLDER = `${ROOT}src/`;
/** The members of schemas are what zod infers. */
const ENTRIES = ENTRY_POINTS.filter(({ specifier }) => !specifier.endsWith("/schemas")).map(
  ({ source }) => `${ROOT}${source}`,
);

const { options } = ts.parseJsonConfigFileContent(
  ts.readConfigFile(`${ROOT}tsconfig.json`, ts.sys.readFile).config,
  ts.sys,
  ROOT,
);

const toDeclarationPath = (entry: string): string => entry.replace(/\.ts$/, ".d.ts");

/** Returns a program of the declarations of the entry points: the editor of a user never sees the source. */
function programOfDeclarations(): ts.Program {
  const declarations = new Map<string, string>();
  const emitting = { noEmit: false, declaration: true, emitDeclarationOnly: true, noCheck: true };
  const source = ts.createProgram(ENTRIES, { ...options, ...emitting });
  source.emit(undefined, (path, text) => void declarations.set(path, text), undefined, true);
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  host.fileExists = (path) => declarations.has(path) || fileExists(path);
  host.readFile = (path) => declarations.get(path) ?? readFile(path);
  host.getSourceFile = (path, target, ...rest) => {
    const text = declarations.get(path);
    if (text !== undefined) return ts.createSourceFile(path, text, target);
    return source.getSourceFile(path) ?? getSourceFile(path, target, ...rest);
  };
  return ts.createProgram(ENTRIES.map(toDeclarationPath), options, host);
}

/** Returns the exported names and members of the entry points without a doc comment. */
function undocumented(): string[] {
  const program = programOfDeclarations();
  const checker = program.getTypeChecker();
  const missing: string[] = [];
  const seen = new Set<ts.Type>();

  const isOurs = (symbol: ts.Symbol) =>
    symbol.declarations?.some((declaration) => declaration.getSourceFile().fileName.startsWith(FOLDER)) === true;
  const isPrivate = ({ declarations = [] }: ts.Symbol) =>
    declarations.some((each) => {
      const name = ts.getNameOfDeclaration(each);
      return name !== undefined && ts.isPrivateIdentifier(name);
    });
  const check = (symbol: ts.Symbol, name: string) => {
    if (isOurs(symbol) && symbol.getDocumentationComment(checker).length === 0) missing.push(name);
  };
  const checkMembers = (type: ts.Type, name: string) => {
    if (seen.has(type)) return;
    seen.add(type);
    if (type.isUnionOrIntersection()) for (const part of type.types) checkMembers(part, name);
    for (const member of type.isUnion() ? [] : type.getProperties()) {
      if (!isOurs(member) || isPrivate(member)) continue;
      const path = `${name}.${member.name}`;
      check(member, path);
      checkMembers(checker.getTypeOfSymbol(member), path);
    }
  };
  for (const entry of ENTRIES.map(toDeclarationPath)) {
    const file = program.getSourceFile(entry);
    const module = file && checker.getSymbolAtLocation(file);
    if (module === undefined) throw new Error(`No declarations at ${entry}`);
    for (const exported of checker.getExportsOfModule(module)) {
      const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
      check(symbol, symbol.name);
      const isType = symbol.flags & (ts.SymbolFlags.Interface | ts.SymbolFlags.TypeAlias | ts.SymbolFlags.Class);
      checkMembers(isType ? checker.getDeclaredTypeOfSymbol(symbol) : checker.getTypeOfSymbol(symbol), symbol.name);
    }
  }
  return missing;
}

it("every exported name but those of /schemas, and each of its members, has a doc comment", () => {
  expect(undocumented()).toEqual([]);
}, 120_000);
