import { expect, it } from "vitest";
import { parseKioskId, parseProfileId } from "../../src/client/card-arguments.js";

it.each([
  [9_007_199_254_740_992n, "not another bigint"],
  ["12x", "not another string"],
  ["", "not an empty string"],
  [-7, "not -7"],
  [undefined, "not undefined"],
])("a profile id of %o is refused as %s", (value, found) => {
  expect(() => parseProfileId(value)).toThrow(found);
});

it.each([
  ["", "must be a non-blank string, not an empty string"],
  ["  ", "must be a non-blank string, not a blank string"],
  [7, "must be a non-blank string, not 7"],
  [" WIS00001", "must not have whitespace around it"],
])("the kiosk id %j %s", (value, fault) => {
  expect(() => parseKioskId(value)).toThrow(fault);
});
