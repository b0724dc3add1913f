import { describe, expect, it } from "vitest";
import { printable } from "../../src/text/printable.js";

describe("printable", () => {
  it("turns several lines into one", () => {
    expect(printable("one\r\ntwo\u2028three\u2029four")).toBe("one two three four");
  });

  it.each([
    ["a terminal's escape", "\u001b[31mred", "[31mred"],
    ["a reversal of the writing direction", "exe\u202Egpj", "exe gpj"],
    ["invisible characters", "a\u200B\uFEFFb", "a b"],
    ["a lone surrogate", "a\uD83Db", "a b"],
    ["a null at the end", "end\u0000", "end"],
  ])("removes %s", (_what, text, line) => {
    expect(printable(text)).toBe(line);
  });

  it("keeps the letters of every script", () => {
    expect(printable("Größe 漢字 🖨 — «ok»")).toBe("Größe 漢字 🖨 — «ok»");
  });

  it("cuts a long text and marks the cut", () => {
    expect(printable("abcdef", 3)).toBe("abc…");
    expect(printable("abc", 3)).toBe("abc");
    expect(printable("x".repeat(301))).toBe(`${"x".repeat(300)}…`);
  });

  it("leaves no half of a character at the cut", () => {
    expect(printable("ab🖨c", 3)).toBe("ab…");
  });
});
