import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const folder = new URL("../../src/sandbox/page/", import.meta.url);

/** Bundles the sandbox's page into one HTML text. */
async function bundlePage(): Promise<string> {
  const [style, script] = await Promise.all([bundle("page.css"), bundle("main.ts")]);
  return (
    readFileSync(new URL("page.html", folder), "utf8")
      // A function, because `$` has a meaning in a replacement.
      .replace("<style></style>", () => `<style>${style}</style>`)
      .replace("<script></script>", () => `<script>${script}</script>`)
  );
}

/** Returns the source of the module that contains the page, for the build and for tests of the source. */
export async function pageModule(): Promise<string> {
  return [
    "/** The page as one HTML text. It is made from `src/sandbox/page`, see `test/sandbox/page-html.test.ts`. */",
    `export const PAGE_HTML =\n  ${JSON.stringify(await bundlePage())};`,
    "",
  ].join("\n");
}

async function bundle(file: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(file, folder))],
    bundle: true,
    minify: true,
    write: false,
    format: "iife",
    target: ["chrome120", "firefox121", "safari17.4"],
  });
  return (outputFiles[0]?.text ?? "").trim();
}
