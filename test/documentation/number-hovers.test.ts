import { fileURLToPath } from "node:url";
import ts from "typescript";
import { expect, it } from "vitest";
import { ENTRY_POINTS } from "../support/entry-points.js";
import { root } from "../support/pages.js";
import { PublicSurface } from "../support/public-surface.js";

const SOURCE = fileURLToPath(new URL("src/", root));

/** Types of objects that the package hands out: a number that is missing there has no default. */
const HANDED_OUT: ReadonlySet<string> = new Set(["DispatchOptionsLike", "Exchange", "KioskDecodeErrorDetails"]);

/** Numbers that count nothing. */
const WITHOUT_UNIT: ReadonlySet<string> = new Set([
  "KioskWebhookHandlerOptions.invalidSignatureStatus",
  "ErrorFixtureChanges.httpStatus",
  "ListenOptions.port",
]);

const UNIT = /\b(milliseconds|per second|how often|how many|number of)\b/i;
const RANGE = /\d to \d|positive integer/;
const DEFAULT = /\b[Dd]efault:? [\d`]|\bDefault: \S/;

/**
 * Returns every optional number that the package takes, with what an editor shows for it: members of exported types, parameters of
 * exported functions, constructors and methods, and members of objects that are described in place within either.
 */
function findNumericOptions(): ReadonlyMap<string, string> {
  const { checker, exports } = listPublicExports();
  const found = new Map<string, string>();
  const visitMembers = (name: string, type: ts.Type): void => {
    for (const part of listParts(type, checker)) {
      for (const member of part.getProperties()) visit(`${name}.${member.name}`, member);
    }
  };
  const visitParameters = (name: string, signatures: readonly ts.Signature[]): void => {
    for (const parameter of signatures.flatMap(({ parameters }) => parameters)) {
      visit(`${name}(${parameter.name})`, parameter);
    }
  };
  const visit = (name: string, symbol: ts.Symbol): void => {
    if (!isOurs(symbol)) return;
    const type = checker.getTypeOfSymbol(symbol);
    if (isOptional(symbol) && isNumber(type, checker)) {
      const words = ts.displayPartsToString(symbol.getDocumentationComment(checker));
      found.set(name, words.replace(/\s+/g, " "));
    }
    for (const part of listParts(type, checker)) {
      visitParameters(name, part.getCallSignatures());
      if (isDescribedInPlace(part)) visitMembers(name, part);
    }
  };
  for (const [name, symbol] of exports) {
    if (HANDED_OUT.has(name)) continue;
    if ((symbol.flags & (ts.SymbolFlags.Class | ts.SymbolFlags.Interface | ts.SymbolFlags.TypeAlias)) !== 0) {
      visitMembers(name, checker.getDeclaredTypeOfSymbol(symbol));
    }
    if ((symbol.flags & ts.SymbolFlags.Value) === 0) continue;
    const type = checker.getTypeOfSymbol(symbol);
    visitParameters(name, [...type.getCallSignatures(), ...type.getConstructSignatures()]);
  }
  return found;
}

function listPublicExports(): { checker: ts.TypeChecker; exports: readonly (readonly [string, ts.Symbol])[] } {
  const surface = new PublicSurface();
  return {
    checker: surface.checker,
    exports: ENTRY_POINTS.flatMap((entryPoint) => [...surface.listExports(entryPoint)]),
  };
}

function listParts(type: ts.Type, checker: ts.TypeChecker): readonly ts.Type[] {
  const present = checker.getNonNullableType(type);
  return present.isUnion() ? present.types : [present];
}

/** Returns whether the type is an object type without a name. */
function isDescribedInPlace(type: ts.Type): boolean {
  return type.symbol?.declarations?.some(ts.isTypeLiteralNode) === true;
}

/** Returns whether the symbol is declared in this package, and not by the language or a dependency. */
function isOurs(symbol: ts.Symbol): boolean {
  return symbol.declarations?.some((declaration) => declaration.getSourceFile().fileName.startsWith(SOURCE)) === true;
}

function isOptional(symbol: ts.Symbol): boolean {
  const declaration = symbol.valueDeclaration;
  return (
    (symbol.flags & ts.SymbolFlags.Optional) !== 0 ||
    (declaration !== undefined &&
      ts.isParameter(declaration) &&
      (declaration.questionToken !== undefined || declaration.initializer !== undefined))
  );
}

function isNumber(type: ts.Type, checker: ts.TypeChecker): boolean {
  return listParts(type, checker).some(({ flags }) => (flags & ts.TypeFlags.NumberLike) !== 0);
}

// The compiler reads all declarations of Node.js and undici, which takes long on a busy machine.
it("every numeric option states its unit, its range and its default", () => {
  const options = [...findNumericOptions()];
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
