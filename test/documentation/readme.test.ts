import { describe, expect, it } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { findPrograms, page, pages } from "../support/pages.js";

const readme = page("README.md");
const everything = pages.map(({ markdown }) => markdown).join("\n");

describe("the README", () => {
  it("the README shows code within 20 lines, and has at most 400 lines", () => {
    expect(findPrograms(readme)[0]?.line).toBeLessThan(20);
    expect(readme.markdown.trimEnd().split("\n").length).toBeLessThanOrEqual(400);
  });

  it("the README lists the commands that a newcomer needs, and every page only scripts that exist", () => {
    const commands = readme.blocks.filter(({ language }) => language === "sh").flatMap(({ code }) => code.split("\n"));
    expect(commands).toEqual(["npm install wise-card-kiosk", "npm ci && npm run demo", "npm ci && npm test"]);
    const mentioned = [...everything.matchAll(/npm (?:run )?(test(?::\w+)?|demo|build|check[:\w]*|lint|typecheck)\b/g)];
    expect(Object.keys(manifest.scripts)).toEqual(expect.arrayContaining(mentioned.map(([, script]) => script)));
  });
});

it("every page shows code of known languages only", () => {
  expect([...new Set(pages.flatMap(({ blocks }) => blocks.map(({ language }) => language)))].sort()).toEqual([
    "json",
    "sh",
    "sql",
    "ts",
  ]);
});
