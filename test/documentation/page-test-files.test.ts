import { afterAll, describe } from "vitest";
import { isTestFile } from "../support/code-blocks.js";
import { PageModules } from "../support/page-modules.js";
import { findPrograms, pages } from "../support/pages.js";

/** Runs the test files of the documentation. They are apart because their setup applies to every test of a file. */
for (const page of pages) {
  const blocks = findPrograms(page).filter(isTestFile);
  if (blocks.length === 0) continue;
  const modules = new PageModules(blocks, 3000);
  afterAll(() => modules[Symbol.dispose]());
  for (const block of blocks) {
    describe(`the test file of ${page.path} at line ${block.line}: ${block.heading}`, async () => {
      await import(modules.filePath(block));
    });
  }
}
