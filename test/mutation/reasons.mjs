import { existsSync, readFileSync } from "node:fs";
import { relative } from "node:path";

/**
 * Reads why no test notices some mutants of a folder: `reasons/<folder>.json` names the line of source, as it stands there, and the
 * kinds of mutants that Stryker makes of it.
 */
export function readReasons(folder) {
  const file = new URL(`reasons/${folder}.json`, import.meta.url);
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
}

/** Returns the mutants. Each has its path, its line of source and, if one is listed, the reason why it survives. */
export function explain(mutants, reasons) {
  const sources = new Map();
  return mutants.map((mutant) => {
    const path = relative(process.cwd(), mutant.fileName).replaceAll("\\", "/");
    if (!sources.has(path)) sources.set(path, readFileSync(mutant.fileName, "utf8").split("\n"));
    const line = sources.get(path)[mutant.location.start.line - 1];
    const entry = reasons[path]?.find((one) => one.line === line.trim() && one.mutators.includes(mutant.mutatorName));
    return { ...mutant, path, line, reason: entry?.reason };
  });
}

/** Lists the mutants that survived without a reason: where, what it replaced, and by what. */
export function listUnexplained(mutants) {
  return mutants
    .filter(({ status, reason }) => (status === "Survived" || status === "NoCoverage") && reason === undefined)
    .map(({ path, location, line, mutatorName, replacement }) => {
      const { start, end } = location;
      const mutated =
        start.line === end.line ? line.slice(start.column - 1, end.column - 1) : line.slice(start.column - 1);
      return `${path}:${start.line}:${start.column} ${mutatorName}\n    ${line.trim()}\n    ${mutated} → ${replacement.replace(/\s+/g, " ")}`;
    });
}
