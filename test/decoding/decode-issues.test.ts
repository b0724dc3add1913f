import { describe, expect, it } from "vitest";
import { decodeIssues, listIssues } from "../../src/decoding/decode-issues.js";

describe("decodeIssues", () => {
  it("writes paths as text", () => {
    expect(decodeIssues([{ path: ["data", "cards", 0, "token"], message: "Required" }])).toEqual([
      { path: "data.cards.0.token", message: "Required" },
    ]);
  });

  it("removes control characters from paths and messages", () => {
    expect(decodeIssues([{ path: ["a\nb"], message: 'Unrecognized "\u001b[2J\nforged"' }])).toEqual([
      { path: "a b", message: 'Unrecognized " [2J forged"' },
    ]);
  });

  it("returns the first 16 of many issues", () => {
    const issues = Array.from({ length: 17 }, (_, index) => ({ path: [index], message: "Required" }));
    expect(decodeIssues(issues).map(({ path }) => path)).toEqual([...Array(16).keys()].map(String));
  });
});

describe("listIssues", () => {
  it("names the field, or nothing for the body as a whole", () => {
    expect(
      listIssues([
        { path: "", message: "Expected object" },
        { path: "status", message: "Required" },
      ]),
    ).toBe("Expected object; status: Required");
  });
});
