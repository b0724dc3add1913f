import fc from "fast-check";
import { expect, it } from "vitest";
import { headerMap } from "../../src/transport/header-map.js";
import { RawHeaders } from "../../src/transport/raw-headers.js";

const NAMES = ["date", "x-trace-id", "x-other-id"] as const;

/** The name of a header field, in any case. */
const name = fc
  .tuple(fc.constantFrom(...NAMES, "vary", "x-trace"), fc.boolean())
  .map(([text, isUpper]) => (isUpper ? text.toUpperCase() : text));
const value = fc.string({ unit: fc.integer({ min: 0x20, max: 0xff }).map((code) => String.fromCharCode(code)) });

it("header fields that are converted only when they are read have the same values as converted ones", () => {
  const pairs = fc.array(fc.tuple(name, value), { maxLength: 8 });
  fc.assert(
    fc.property(pairs, fc.option(name, { nil: undefined }), (fields, last) => {
      const bytes = [...fields.flat(), ...(last === undefined ? [] : [last])].map((text) =>
        Buffer.from(text, "latin1"),
      );
      const raw = new RawHeaders(bytes);
      const converted = headerMap(bytes);
      for (const one of NAMES) {
        expect(raw.get(one)).toBe(converted.get(one));
        expect(raw.has(one)).toBe(converted.has(one));
      }
    }),
    {
      examples: [
        [[["X-TRACE-ID", "a"]], "date"],
        [[["x-trace", "a"]], undefined],
        [
          [
            ["date", "a"],
            ["vary", "b"],
            ["Date", "c"],
          ],
          undefined,
        ],
      ],
    },
  );
});

it("header fields that are texts, against the types of undici, are found by their names", () => {
  const raw = new RawHeaders(["X-Trace-Id", "a", "date", "b"]);
  expect([raw.get("x-trace-id"), raw.get("date"), raw.has("vary")]).toEqual(["a", "b", false]);
});
