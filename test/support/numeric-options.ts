import { fileURLToPath } from "node:url";
import ts from "typescript";
import { root } from "./pages.js";

const SOURCE = fileURLToPath(new URL("src/", root));

/** Types of objects that the package hands out: a number that is missing there has no default. */
const HANDED_OUT: ReadonlySet<string> = new Set(["DispatchOptionsLike", "Exchange", "KioskDecodeErrorDetails"]);

/**
 * Returns every optional number that the package takes, with what an editor shows for it: members of exported types, parameters of
 * exported functions, constructors and methods, and members of objects that are described in place within either.
 */
export function findNumericOptions(
  checker: ts.TypeChecker,
  exports: Iterable<readonly [name: string, symbol: ts.Symbol]>,
): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const visitMembers = (name: string, type: ts.Type): void => {
    for (const part of listHeldParts(type, checker)) {
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
    for (const part of listHeldParts(type, checker)) {
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

/** Returns the types that a union or an intersection consists of. */
function listParts(type: ts.Type, checker: ts.TypeChecker): readonly ts.Type[] {
  const present = checker.getNonNullableType(type);
  return present.isUnionOrIntersection() ? present.types.flatMap((part) => listParts(part, checker)) : [present];
}

/** Returns the parts of a type and, for a list or a record, those of its elements. */
function listHeldParts(type: ts.Type, checker: ts.TypeChecker, found = new Set<ts.Type>()): ReadonlySet<ts.Type> {
  for (const part of listParts(type, checker)) {
    if (found.has(part)) continue;
    found.add(part);
    const isList = checker.isArrayType(part) || checker.isTupleType(part);
    const elements = isList
      ? checker.getTypeArguments(part as ts.TypeReference)
      : checker.getIndexInfosOfType(part).map((record) => record.type);
    for (const element of elements) listHeldParts(element, checker, found);
  }
  return found;
}

/** Returns whether the type is an object type without a name, or `Readonly`, `Partial` or the like of the language. */
function isDescribedInPlace(type: ts.Type): boolean {
  const isMapped = type.symbol?.declarations?.some(ts.isMappedTypeNode) === true;
  return isMapped ? !isOurs(type.symbol) : type.symbol?.declarations?.some(ts.isTypeLiteralNode) === true;
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
