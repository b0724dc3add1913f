import ts from "typescript";
import { expect, it } from "vitest";
import { commentExamples } from "../support/comment-examples.js";
import { ENTRY_POINTS } from "../support/entry-points.js";
import { exportsPage } from "../support/exports-page.js";
import { pages } from "../support/pages.js";
import { PublicSurface } from "../support/public-surface.js";

const surface = new PublicSurface();

it("src/EXPORTS.md lists every export with the first sentence of its documentation", async () => {
  await expect(exportsPage(surface)).toMatchFileSnapshot("../../src/EXPORTS.md");
});

it.each(ENTRY_POINTS)("a page other than src/EXPORTS.md names every value that $specifier exports", (entryPoint) => {
  const text = pages.filter(({ path }) => path !== "src/EXPORTS.md").map(({ markdown }) => markdown);
  const values = [...surface.listExports(entryPoint)].filter(
    ([, { valueDeclaration }]) => valueDeclaration !== undefined,
  );
  expect(values.length).toBeGreaterThan(0);
  expect(values.map(([name]) => name).filter((name) => !new RegExp(`\\b${name}\\b`).test(text.join("\n")))).toEqual([]);
});

it("a page names every method of the client, the print jobs, the subscriptions, the webhook receiver and the simulator", () => {
  const text = pages.filter(({ path }) => path !== "src/EXPORTS.md").map(({ markdown }) => markdown);
  const types = new Map(ENTRY_POINTS.flatMap((entryPoint) => [...surface.listExports(entryPoint)]));
  const methods = ["WiseKioskClient", "PrintJobs", "KioskSubscriptions", "KioskWebhooks", "KioskSimulator"].flatMap(
    (name) => {
      const members = surface.checker.getDeclaredTypeOfSymbol(types.get(name) as ts.Symbol).getProperties();
      return members.filter(({ flags, name }) => (flags & ts.SymbolFlags.Method) !== 0 && /^[a-z]/.test(name));
    },
  );
  expect(methods.length).toBeGreaterThan(20);
  expect(methods.map(({ name }) => name).filter((name) => !new RegExp(`\\b${name}\\b`).test(text.join("\n")))).toEqual(
    [],
  );
});

/** What people start with. */
const FIRST_NAMES = [
  "WiseKioskClient",
  "PrintJobs",
  "adviceFor",
  "applyProductionEvent",
  "checkPrintJobStore",
  "createClientCredentialsToken",
  "createKioskSimulator",
  "createRefreshingToken",
  "describeErrorCode",
  "describeProduction",
  "eventKey",
  "fixtures",
  "isKioskError",
  "KioskSubscriptions",
  "isWithinProductionWindow",
  "kioskHandlers",
  "KioskWebhooks",
  "lambdaHandler",
  "mayHaveTakenEffect",
  "nodeListener",
  "parseProduction",
  "sendThroughGlobalFetch",
  "signWebhook",
  "tallyPrintJobs",
];

it("the exports that people start with show an example in their hover", () => {
  const shown = commentExamples().map(({ heading }) => heading);
  expect(FIRST_NAMES.filter((name) => !shown.includes(name))).toEqual([]);
});
