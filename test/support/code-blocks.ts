/** A code block in a Markdown document. */
export interface CodeBlock {
  /** What follows the fence: `ts`, `sh`, … */
  readonly language: string;
  /** The lines between the fences. */
  readonly code: string;
  /** The last heading before it. */
  readonly heading: string;
  /** The line of its fence, from 1. */
  readonly line: number;
}

/** Returns all code blocks of a Markdown document. */
export function codeBlocks(markdown: string): CodeBlock[] {
  const blocks: CodeBlock[] = [];
  let heading = "";
  let open: { readonly language: string; readonly line: number; readonly code: string[] } | undefined;
  for (const [index, line] of markdown.split("\n").entries()) {
    const [, language] = /^\s*(?:```|~~~)(.*)$/.exec(line) ?? [];
    if (open === undefined) {
      heading = /^#+ (.*)$/.exec(line)?.[1] ?? heading;
      if (language !== undefined) open = { language, line: index + 1, code: [] };
    } else if (language === undefined) {
      open.code.push(line);
    } else {
      blocks.push({ language: open.language, code: open.code.join("\n"), heading, line: open.line });
      open = undefined;
    }
  }
  if (open !== undefined) throw new Error(`The code block at line ${open.line} is not closed`);
  return blocks;
}

/** Returns the lines that a block promises to print: its comments that begin with an arrow. */
export function promisedOutput({ code }: CodeBlock): string[] {
  return [...code.matchAll(/^\s*\/\/ → (.*)$/gm)].map(([, line = ""]) => line);
}

/** Whether a block is a test file instead of a script. */
export function isTestFile({ code }: CodeBlock): boolean {
  return code.includes('from "vitest"');
}
