import { expect, it } from "vitest";
import { DEEPEST_LEVEL, isDeeperThan } from "../../src/text/nesting.js";

const nested = (levels: number) => JSON.parse("[".repeat(levels) + "]".repeat(levels));
const circular: Record<string, unknown> = {};
circular["self"] = circular;

it.each<[string, string, unknown]>([
  ["a text", "not too deep", "text"],
  ["null", "not too deep", null],
  ["100 levels of arrays", "not too deep", nested(100)],
  ["101 levels of arrays", "too deep", nested(101)],
  ["100,000 levels of arrays", "too deep", nested(100_000)],
  ["101 levels beside others", "too deep", { first: 1, second: { third: nested(99) } }],
  ["a thousand arrays in one", "not too deep", Array.from({ length: 1000 }, () => [])],
  ["an object that contains itself", "too deep", circular],
])("to be sent as JSON, %s is %s", (_what, outcome, value) => {
  expect(isDeeperThan(DEEPEST_LEVEL, value)).toBe(outcome === "too deep");
});
