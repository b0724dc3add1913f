import { expect, it } from "vitest";
import { withoutTrailing } from "../../src/text/without-trailing.js";

it.each([
  ["", ""],
  ["///", ""],
  ["/a/b", "/a/b"],
  ["/a/b///", "/a/b"],
  ["a//b/", "a//b"],
])("%j ends as %j without trailing slashes", (text, expected) => {
  expect(withoutTrailing("/", text)).toBe(expected);
});
