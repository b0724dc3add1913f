import { readFileSync } from "node:fs";
import ts from "typescript";
import { describe, expect, it } from "vitest";

/** Returns the name of each member of the exported types in a file, and the text that an editor shows for it. */
function listMembers(path: string): (readonly [name: string, words: string])[] {
  const text = readFileSync(new URL(`../../src/${path}`, import.meta.url), "utf8");
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const members: (readonly [string, string])[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isPropertySignature(node)) {
      const owner = ts.findAncestor(
        node,
        (parent) => ts.isInterfaceDeclaration(parent) || ts.isTypeAliasDeclaration(parent),
      );
      if (owner?.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) {
        members.push([`${owner.name.text}.${node.name.getText()}`, toWords(node)]);
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return members;
}

function toWords(node: ts.Node): string {
  const comments = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc);
  return comments.map(({ comment }) => ts.getTextOfJSDocComment(comment) ?? "").join(" ");
}

describe.each([
  "calls/production-intent.ts",
  "client/client-options.ts",
  "production/advice-for.ts",
  "production/error-code-description.ts",
])("%s", (path) => {
  it(`src/${path} documents every public member without referring the reader elsewhere`, () => {
    const members = listMembers(path);
    expect(members.length).toBeGreaterThan(4);
    for (const [name, words] of members) {
      expect([name, words]).not.toEqual([name, expect.stringMatching(/^\s*See \{@link/)]);
      expect(words.split(/\s+/).length, `words for ${name}: ${words}`).toBeGreaterThanOrEqual(4);
    }
  });
});
