import { expect, it } from "vitest";
import { withoutTrailing } from "../../src/text/without-trailing.js";

it.each([
  ["", ""],
  ["///", ""],
  ["/a/b", "/a/b"],
  ["/a/b///", "/a/b"],
  ["a//b/", "a//b"],
])("%j becomes %j without its trailing slashes", (text, expected) => {
  expect(withoutTrailing("/", text)).toBe(expected);
});
