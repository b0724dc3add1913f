import { expect, it } from "vitest";
import { toProfileId } from "../../src/production/profile-id.js";

it.each([
  [1, "1"],
  [123456n, "123456"],
  ["123456", "123456"],
  [9_007_199_254_740_991, "9007199254740991"],
])("toProfileId accepts %s", (value, digits) => {
  expect(toProfileId(value)).toBe(digits);
});

it.each([
  [0],
  [-1],
  [1.5],
  [Number.NaN],
  [9_007_199_254_740_992n],
  [""],
  ["012"],
  [" 12"],
  ["12 "],
  ["1e3"],
  [[12]],
  [{ toString: () => "12" }],
  [true],
  [null],
  [undefined],
])("toProfileId refuses %o", (value) => {
  expect(toProfileId(value)).toBeUndefined();
});
