import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type CodeBlock, codeBlocks } from "./code-blocks.js";

/** A page of the documentation. */
export interface Page {
  /** Its path from the root of the repository. */
  readonly path: string;
  /** Its whole text. */
  readonly markdown: string;
  /** Its code blocks, from top to bottom. */
  readonly blocks: readonly CodeBlock[];
}

/** The root of the repository. */
export const root = new URL("../../", import.meta.url);

/** Every page of the repository. The changelog is not one, because it describes earlier versions, nor are the API reports. */
export const pages: readonly Page[] = ["", "src/", "examples/", "test/", ".github/"]
  .flatMap((folder) =>
    readdirSync(new URL(folder, root), { recursive: folder !== "", encoding: "utf8" }).map(
      (path) => folder + path.replaceAll("\\", "/"),
    ),
  )
  .filter(
    (path) =>
      path.endsWith(".md") && !path.includes("node_modules") && path !== "CHANGELOG.md" && !path.endsWith(".api.md"),
  )
  .sort()
  .map((path) => {
    const markdown = readFileSync(new URL(path, root), "utf8");
    return { path, markdown, blocks: codeBlocks(markdown) };
  });

/** Returns the page at a path. */
export function page(path: string): Page {
  const found = pages.find((one) => one.path === path);
  if (found === undefined) throw new Error(`No page at ${fileURLToPath(new URL(path, root))}`);
  return found;
}

/** A program that the documentation shows. */
export interface Program extends CodeBlock {
  /** The path of its page. */
  readonly path: string;
}

/** Returns the code blocks of a page that are programs. */
export function findPrograms({ path, blocks }: Page): Program[] {
  return blocks.filter(({ language }) => language === "ts").map((block) => ({ ...block, path }));
}
