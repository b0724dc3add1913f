import { expect, it } from "vitest";
import { type HeaderFields, headerMap } from "../../src/transport/header-map.js";

it.each<[string, HeaderFields]>([
  ["in a record", { "X-One": "1", "x-two": ["2", "3"], "X-None": undefined }],
  ["in a flat list of strings", ["X-One", "1", "x-two", "2", "X-Two", "3"]],
  ["in a flat list of bytes", ["X-One", "1", "x-two", "2", "X-Two", "3"].map((text) => Buffer.from(text))],
  ["in a flat list with arrays of values", ["X-One", "1", "x-two", ["2", "3"]]],
  ["in a flat list that ends with a name", ["X-One", "1", "x-two", ["2", "3"], "x-three"]],
])("finds header fields by lower-case name %s", (_how, fields) => {
  expect([...headerMap(fields)]).toEqual([
    ["x-one", "1"],
    ["x-two", "2, 3"],
  ]);
});

it("decodes header bytes as Latin-1, and leaves text as it is", () => {
  expect(headerMap([Buffer.from("a"), Buffer.from([0xe9])]).get("a")).toBe("é");
  expect(headerMap({ a: "é", b: ["č", "é"] })).toEqual(
    new Map([
      ["a", "é"],
      ["b", "č, é"],
    ]),
  );
});
