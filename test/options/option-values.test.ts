import { describe, expect, it } from "vitest";
import { parseApiVersion } from "../../src/options/api-version.js";
import { parseCorrelationId, parseMaxRetries, parseMs, parseSignal } from "../../src/options/option-values.js";
import { parseUrl } from "../../src/options/parse-url.js";

it("parseMaxRetries accepts 0 and 10, and nothing beyond", () => {
  expect([0, 10].map(parseMaxRetries)).toEqual([0, 10]);
  for (const value of [-1, 11, 0.5, "1"]) expect(() => parseMaxRetries(value)).toThrow("maxRetries must be an integer");
});

it("parseMs accepts 1 ms and the longest timer, and nothing beyond", () => {
  expect([1, 2_147_483_647].map((ms) => parseMs("timeoutMs", ms))).toEqual([1, 2_147_483_647]);
  for (const value of [0.9, 2_147_483_648, "1"]) expect(() => parseMs("timeoutMs", value)).toThrow("timeoutMs must be");
});

describe("parseCorrelationId", () => {
  it("accepts 36 visible characters", () => {
    expect(parseCorrelationId("x".repeat(36))).toBe("x".repeat(36));
  });

  it.each([
    ["x".repeat(37), "not a longer string"],
    [`${"x".repeat(35)}é`, "not a string with other characters"],
    ["a b", "not a string with other characters"],
    ["", "not an empty string"],
    [undefined, "not undefined"],
    [7, "not 7"],
  ])("refuses %j as %s", (value, fault) => {
    expect(() => parseCorrelationId(value)).toThrow(`must be a string of 1 to 36 visible ASCII characters, ${fault}`);
  });
});

describe("parseSignal", () => {
  const foreign = { aborted: false, addEventListener: () => {}, removeEventListener: () => {} };

  it("accepts a signal of any realm, and none", () => {
    const { signal } = new AbortController();
    expect([signal, foreign, undefined].map(parseSignal)).toEqual([signal, foreign, undefined]);
  });

  it.each([
    [{ ...foreign, aborted: undefined }],
    [{ ...foreign, addEventListener: undefined }],
    [{ ...foreign, removeEventListener: undefined }],
    [new AbortController()],
    [null],
    ["signal"],
  ])("refuses %j", (value) => {
    expect(() => parseSignal(value)).toThrow("signal must be an AbortSignal");
  });
});

it("parseApiVersion refuses what only contains a version", () => {
  for (const value of ["x2024Q1", "2024Q1x", "2024Q5", 2024, ["2024Q1"]])
    expect(() => parseApiVersion(value)).toThrow();
});

it.each<[unknown, string | undefined]>([
  ["https://bank.example", "https://bank.example/"],
  [new URL("https://bank.example"), "https://bank.example/"],
  [{ href: "https://bank.example", toString: () => "https://bank.example" }, "https://bank.example/"],
  [{ toString: () => "https://bank.example" }, undefined],
  ["bank.example", undefined],
  [null, undefined],
  [undefined, undefined],
  [7, undefined],
])("parseUrl of %o returns %s", (value, href) => {
  expect(parseUrl(value)?.href).toBe(href);
});
