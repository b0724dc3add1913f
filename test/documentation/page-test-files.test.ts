import { afterAll, describe } from "vitest";
import { isTestFile } from "../support/code-blocks.js";
import { PageModules } from "../support/page-modules.js";
import { pages, programsOf } from "../support/pages.js";

/** The test files of the documentation, in a file of their own: what they set up is set up for all tests of a file. */
for (const page of pages) {
  const blocks = programsOf(page).filter(isTestFile);
  if (blocks.length === 0) continue;
  const modules = new PageModules(blocks, 3000);
  afterAll(() => modules[Symbol.dispose]());
  for (const block of blocks) {
    describe(`the test of ${page.path} at line ${block.line}, ${block.heading}`, async () => {
      await import(modules.pathOf(block));
    });
  }
}
