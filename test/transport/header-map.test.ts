import { expect, it } from "vitest";
import { type HeaderFields, headerMap } from "../../src/transport/header-map.js";

it.each<[string, HeaderFields]>([
  ["by name", { "X-One": "1", "x-two": ["2", "3"], "X-None": undefined }],
  ["in turn, as text", ["X-One", "1", "x-two", "2", "X-Two", "3"]],
  ["in turn, as bytes", ["X-One", "1", "x-two", "2", "X-Two", "3"].map((text) => Buffer.from(text))],
  ["in turn, with lists", ["X-One", "1", "x-two", ["2", "3"]]],
  ["in turn, with half a field at the end", ["X-One", "1", "x-two", ["2", "3"], "x-three"]],
])("header fields that come %s are found by their name in lower case", (_how, fields) => {
  expect([...headerMap(fields)]).toEqual([
    ["x-one", "1"],
    ["x-two", "2, 3"],
  ]);
});

it("bytes are Latin-1, as HTTP has them", () => {
  expect(headerMap([Buffer.from("a"), Buffer.from([0xe9])]).get("a")).toBe("é");
});
