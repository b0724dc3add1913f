import { expect, it } from "vitest";
import { toJsonLine } from "../../src/text/json-line.js";

it.each([
  ["a line separator", "\u2028", "\\u2028"],
  ["a paragraph separator", "\u2029", "\\u2029"],
  ["a control character", "\u009b", "\\u009b"],
  ["a reversal of the writing direction", "\u202e", "\\u202e"],
  ["a format character of two code units", "\u{e0001}", "\\udb40\\udc01"],
])("toJsonLine escapes %s", (_what, character, escaped) => {
  const line = toJsonLine({ text: `a${character}b` });
  expect(line).toBe(`{"text":"a${escaped}b"}\n`);
  expect(JSON.parse(line)).toEqual({ text: `a${character}b` });
});

it("toJsonLine keeps the letters of every script", () => {
  expect(toJsonLine({ text: "Größe 漢字 🖨" })).toBe('{"text":"Größe 漢字 🖨"}\n');
});
