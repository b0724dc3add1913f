import { readFileSync } from "node:fs";
import { afterAll, describe } from "vitest";
import { codeBlocks, isTestFile } from "./readme-blocks.js";
import { ReadmeModules } from "./readme-modules.js";

/** The test files of the README, in a file of their own: what they set up is set up for all tests of a file. */
const blocks = codeBlocks(readFileSync(new URL("../../README.md", import.meta.url), "utf8")).filter(isTestFile);
const modules = new ReadmeModules(blocks, 3000);
afterAll(() => modules[Symbol.dispose]());

for (const block of blocks) {
  describe(`the test of the README at line ${block.line}, ${block.heading}`, async () => {
    await import(modules.pathOf(block));
  });
}
