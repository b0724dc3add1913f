import { describe, expect, it } from "vitest";
import { decodeBody } from "../../src/response/decode-body.js";
import { createRedactor } from "../../src/response/redact.js";

const SECRET = 'a-"secret"/token';
const redact = createRedactor([SECRET]);
const read = (text: string) => decodeBody(new TextEncoder().encode(text), redact);
const nested = (depth: number) => `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;

describe("decodeBody", () => {
  it.each([
    ['{"a":[1,null,true,"b"]}', { a: [1, null, true, "b"] }],
    ["\uFEFF 7", 7],
    ["null", null],
    ['"text"', "text"],
  ])("decodes %s as JSON", (text, json) => {
    expect(read(text)).toMatchObject({ json, shown: json });
  });

  it.each(["", "<p>", "{", "{'a':1}", '{"a":1,}', "NaN"])("decodes '%s' as text", (text) => {
    expect(read(text)).toEqual({ text, json: undefined, shown: text });
  });

  it("replaces bytes that are not UTF-8", () => {
    expect(decodeBody(new Uint8Array([0x22, 0xff, 0xc3, 0x22]), redact)).toMatchObject({ json: "\ufffd\ufffd" });
  });

  it("shows a small and shallow body parsed, and otherwise the beginning of its text", () => {
    const small = JSON.stringify("x".repeat(16 * 1024 - 2));
    const large = JSON.stringify("x".repeat(16 * 1024 - 1));
    expect(read(small).shown).toBe(JSON.parse(small));
    expect(read(large).shown).toBe(large.slice(0, 16 * 1024));
    expect(read(nested(16)).shown).toEqual(JSON.parse(nested(16)));
    expect(read(nested(17)).shown).toBe(nested(17));
    const partlyDeep = `[1,${nested(17)},[]]`;
    expect(read(partlyDeep).shown).toBe(partlyDeep);
    expect(read("{}").shown).toEqual({});
  });

  it("survives the deepest nesting that a body can have", () => {
    const deep = `${"[".repeat(500_000)}${"]".repeat(500_000)}`;
    expect(read(deep).shown).toBe(deep.slice(0, 16 * 1024));
  });

  it("redacts secrets anywhere in a body", () => {
    const leaking = { [`key ${SECRET}`]: [SECRET, { deep: `${SECRET}${SECRET}` }], "a-": "secret" };
    const clean = { "key [redacted]": ["[redacted]", { deep: "[redacted][redacted]" }], "a-": "secret" };
    const escaped = JSON.stringify(leaking).replaceAll("/", "\\/");
    expect(read(escaped)).toMatchObject({ json: clean, shown: clean });
    expect(read(`Rejected: ${SECRET}!`)).toEqual({
      text: "Rejected: [redacted]!",
      json: undefined,
      shown: "Rejected: [redacted]!",
    });
    const cut = "x".repeat(16 * 1024 - 5) + SECRET;
    expect(read(cut).shown).not.toContain(SECRET.slice(0, 6));
  });

  it("keeps a key that is named __proto__", () => {
    expect(JSON.stringify(read('{"__proto__":{"a":1}}').json)).toBe('{"__proto__":{"a":1}}');
  });
});

it("keeps numbers that hold no secret", () => {
  const { shown } = decodeBody(Buffer.from("[1.5,1e300,9007199254740991,-3]"), createRedactor(["9007199254740990123"]));
  expect(shown).toEqual([1.5, 1e300, 9_007_199_254_740_991, -3]);
});

it("redacts a token of digits in a number that has lost its last digits", () => {
  const token = "12345678901234567890";
  const { shown } = decodeBody(Buffer.from(`{"t":${token}}`), createRedactor([token]));
  expect(JSON.stringify(shown)).not.toContain("1234567890123");
});
