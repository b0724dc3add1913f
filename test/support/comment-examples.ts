import { readdirSync, readFileSync } from "node:fs";
import type { Program } from "./pages.js";
import { root } from "./pages.js";

/**
 * Every `@example` in the doc comments of the source. Each must be a program between fences, which is run like those of the
 * pages.
 */
export function commentExamples(): Program[] {
  return readdirSync(new URL("src/", root), { recursive: true, encoding: "utf8" })
    .map((path) => `src/${path.replaceAll("\\", "/")}`)
    .filter((path) => path.endsWith(".ts"))
    .sort()
    .flatMap(examplesIn);
}

function examplesIn(path: string): Program[] {
  const lines = readFileSync(new URL(path, root), "utf8").split("\n");
  return lines.flatMap((text, index) => {
    if (!/^\s*\* @example/.test(text)) return [];
    const rest = lines.slice(index + 1).map((line) => line.replace(/^\s*\* ?/, ""));
    const end = rest.indexOf("```");
    if (text.trim() !== "* @example" || rest[0] !== "```ts" || end < 0) {
      throw new Error(`The @example in ${path}:${index + 1} is not a program between \`\`\`ts and \`\`\``);
    }
    const heading = nameAfter(lines.slice(index));
    return [{ path, heading, line: index + 2, language: "ts", code: rest.slice(1, end).join("\n") }];
  });
}

/** Returns the name of the declaration that follows a comment. */
function nameAfter(lines: readonly string[]): string {
  const declaration = lines[lines.findIndex((line) => line.trim() === "*/") + 1] ?? "";
  return /(?:function|class|const) (\w+)/.exec(declaration)?.[1] ?? "";
}
