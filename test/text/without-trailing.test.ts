import { expect, test } from "vitest";
import { withoutTrailing } from "../../src/text/without-trailing.js";

test.each([
  ["", ""],
  ["///", ""],
  ["/a/b", "/a/b"],
  ["/a/b///", "/a/b"],
  ["a//b/", "a//b"],
])("%j ends as %j without trailing slashes", (text, expected) => {
  expect(withoutTrailing("/", text)).toBe(expected);
});
