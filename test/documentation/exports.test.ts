import { expect, it } from "vitest";
import { commentExamples } from "../support/comment-examples.js";
import { exportsPage } from "../support/exports-page.js";
import { pages } from "../support/pages.js";
import { ENTRY_POINTS, PublicSurface } from "../support/public-surface.js";

const surface = new PublicSurface();

it("src/EXPORTS.md lists every export with the first sentence of its documentation", async () => {
  await expect(exportsPage(surface)).toMatchFileSnapshot("../../src/EXPORTS.md");
});

it.each(ENTRY_POINTS)("a page other than src/EXPORTS.md names every value that $specifier exports", (entryPoint) => {
  const text = pages.filter(({ path }) => path !== "src/EXPORTS.md").map(({ markdown }) => markdown);
  const values = [...surface.exportsOf(entryPoint)].filter(
    ([, { valueDeclaration }]) => valueDeclaration !== undefined,
  );
  expect(values.length).toBeGreaterThan(0);
  expect(values.map(([name]) => name).filter((name) => !new RegExp(`\\b${name}\\b`).test(text.join("\n")))).toEqual([]);
});

/** What people start with. */
const FIRST_NAMES = [
  "WiseKioskClient",
  "adviceFor",
  "applyProductionEvent",
  "createKioskSimulator",
  "createRefreshingToken",
  "describeErrorCode",
  "describeProduction",
  "eventKey",
  "fixtures",
  "isKioskError",
  "isWithinProductionWindow",
  "kioskHandlers",
  "KioskWebhooks",
  "lambdaHandler",
  "mayHaveTakenEffect",
  "nodeListener",
  "parseProduction",
  "sendThroughGlobalFetch",
  "signWebhook",
];

it("the exports that people start with show an example in their hover", () => {
  const shown = commentExamples().map(({ heading }) => heading);
  expect(FIRST_NAMES.filter((name) => !shown.includes(name))).toEqual([]);
});
