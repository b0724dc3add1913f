import ts from "typescript";
import { ENTRY_POINTS } from "./entry-points.js";
import type { PublicSurface } from "./public-surface.js";

const HEAD = `# Exports

Every name that an entry point exports, with the first sentence of its documentation. Your editor shows the rest.
\`npx vitest run --project source test/documentation/exports.test.ts --update\` writes this page.
`;

/** Returns the page that lists every export of every entry point. */
export function exportsPage(surface: PublicSurface): string {
  const listed = new Set<ts.Symbol>();
  const sections = ENTRY_POINTS.map((entryPoint) => {
    const all = [...surface.listExports(entryPoint)];
    const own = all.filter(([, symbol]) => !listed.has(symbol));
    const others = all.filter(([, symbol]) => listed.has(symbol)).map(([name]) => `\`${name}\``);
    for (const [, symbol] of own) listed.add(symbol);
    const isValue = (symbol: ts.Symbol) => (symbol.flags & ts.SymbolFlags.Value) !== 0;
    const table = (title: string, rows: typeof own) =>
      rows.length === 0
        ? ""
        : `\n${title}:\n\n| name | |\n| --- | --- |\n${rows.map(([name, symbol]) => `| \`${name}\` | ${firstSentence(symbol, surface.checker)} |\n`).join("")}`;
    const values = own.filter(([, symbol]) => isValue(symbol));
    const types = own.filter(([, symbol]) => !isValue(symbol));
    const again = others.length === 0 ? "" : `\nAlso exported here: ${others.join(", ")}.\n`;
    return `\n## \`${entryPoint.specifier}\`\n${table("Values", values)}${table("Types", types)}${again}`;
  });
  return HEAD + sections.join("");
}

function firstSentence(symbol: ts.Symbol, checker: ts.TypeChecker): string {
  const text = ts.displayPartsToString(symbol.getDocumentationComment(checker)).replace(/\s+/g, " ").trim();
  const sentence = /^.*?[.:](?=\s|$)/.exec(text)?.[0]?.replace(/:$/, ".") ?? text;
  return sentence.replaceAll(/\{@link (\w+)\s*\}/g, "`$1`").replaceAll("|", "\\|");
}
