import { expect, it } from "vitest";
import { parseUntil } from "../../src/following/follow-options.js";

it.each([
  [[], "not an empty array"],
  [["PRODUCED", "DONE"], 'not "DONE"'],
  ["PRODUCED", 'not "PRODUCED"'],
  [7, "not 7"],
])("parseUntil refuses %j and shows what is wrong", (until, found) => {
  expect(() => parseUntil(until as never)).toThrow(
    new RegExp(`^until must be a function or a non-empty array of statuses \\(.+\\), ${found}$`),
  );
});
