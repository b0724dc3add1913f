import ts from "typescript";
import { expect, it } from "vitest";
import { ENTRY_POINTS } from "../support/entry-points.js";
import { PublicSurface } from "../support/public-surface.js";

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

/** Returns every optional number among the members of exported types, with what an editor shows for it. */
function findNumericOptions(): ReadonlyMap<string, string> {
  const surface = new PublicSurface();
  const found = new Map<string, string>();
  for (const [name, symbol] of ENTRY_POINTS.flatMap((entryPoint) => [...surface.listExports(entryPoint)])) {
    if ((symbol.flags & (ts.SymbolFlags.Interface | ts.SymbolFlags.TypeAlias)) === 0 || HANDED_OUT.has(name)) continue;
    const type = surface.checker.getDeclaredTypeOfSymbol(symbol);
    for (const member of (type.isUnion() ? type.types : [type]).flatMap((part) => part.getProperties())) {
      if ((member.flags & ts.SymbolFlags.Optional) === 0 || !isNumber(member, surface.checker)) continue;
      const words = ts.displayPartsToString(member.getDocumentationComment(surface.checker));
      found.set(`${name}.${member.name}`, words.replace(/\s+/g, " "));
    }
  }
  return found;
}

function isNumber(member: ts.Symbol, checker: ts.TypeChecker): boolean {
  const type = checker.getNonNullableType(checker.getTypeOfSymbol(member));
  return (type.isUnion() ? type.types : [type]).some(({ flags }) => (flags & ts.TypeFlags.NumberLike) !== 0);
}

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
});
