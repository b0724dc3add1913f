import { describe, expect, it } from "vitest";
import { likelyMatch, nearestMatch } from "../../src/text/nearest-match.js";

describe("nearestMatch", () => {
  it("returns the candidate with the fewest edits", () => {
    expect(nearestMatch("WIS0001", ["WIS00002", "WIS00001", "OTHER"])).toBe("WIS00001");
  });

  it("returns the first of the candidates with the fewest edits", () => {
    expect(nearestMatch("b", ["cd", "ab", "bc"])).toBe("ab");
  });

  it("returns a candidate for an empty text too", () => {
    expect(nearestMatch("", ["abc"])).toBe("abc");
  });

  it("returns undefined if there are no candidates", () => {
    expect(nearestMatch("x", [])).toBeUndefined();
  });

  it("compares only the first 200 characters of a text", () => {
    expect(nearestMatch("a".repeat(200) + "b".repeat(1000), ["b".repeat(1000), "a".repeat(200)])).toBe("a".repeat(200));
    expect(nearestMatch("a".repeat(2 ** 20), ["b", "aaaa"])).toBe("aaaa");
  });
});

describe("likelyMatch", () => {
  const names = ["environment", "baseUrl", "apiVersion", "token", "timeoutMs", "maxRetries", "intervalMs", "fetch"];

  it.each([
    ["timeout", "timeoutMs"],
    ["timeoutMS", "timeoutMs"],
    ["timeout_ms", "timeoutMs"],
    ["timeoutSeconds", "timeoutMs"],
    ["interval", "intervalMs"],
    ["retries", "maxRetries"],
    ["maxRetry", "maxRetries"],
    ["enviroment", "environment"],
    ["env", "environment"],
    ["baseURL", "baseUrl"],
    ["url", "baseUrl"],
    ["version", "apiVersion"],
    ["accessToken", "token"],
    ["TOKEN", "token"],
  ])("matches %s to %s", (name, meant) => {
    expect(likelyMatch(name, names)).toBe(meant);
  });

  it("matches a name if half of its characters are right", () => {
    expect(likelyMatch("ax", ["ay"])).toBe("ay");
    expect(likelyMatch("axx", ["ayy"])).toBeUndefined();
  });

  it("matches a name of 200 characters, but none of 201", () => {
    const name = "a".repeat(200);
    expect(likelyMatch(name, [`${name}b`])).toBe(`${name}b`);
    expect(likelyMatch(`${name}b`, [name])).toBeUndefined();
  });

  it("ranks the candidates without regard to case", () => {
    expect(likelyMatch("prd_hoper_jam", ["PRD_FEEDER_JAM", "PRD_HOPPER_JAM"])).toBe("PRD_HOPPER_JAM");
  });

  it.each(["card", "", "x", "headers", "onError"])("finds no match for %j", (name) => {
    expect(likelyMatch(name, names)).toBeUndefined();
  });

  it("finds no match for a text of a megabyte", () => {
    expect(likelyMatch("a".repeat(2 ** 20), names)).toBeUndefined();
  });
});
