import fc from "fast-check";
import { expect, it } from "vitest";
import { mayHoldSecret } from "../../src/response/secret-beginnings.js";

const TOKEN = "a1b2c3d4-e5f6-4a7b-8c9d-0e1f2a3b4c5d";

/** The Base64 of a text after other bytes, without the characters that those determine. */
const afterBytes = (text: string, before: number, encoding: "base64" | "base64url") =>
  Buffer.concat([Buffer.alloc(before), Buffer.from(text)])
    .toString(encoding)
    .slice(Math.ceil((before * 8) / 6));

it("finds no secret in the body of an ordinary response", () => {
  const body = '{"status":"IN_PROGRESS","kioskId":"WIS00001","occurredAt":"2026-03-02T09:30:00.000Z"}';
  expect(mayHoldSecret(body, [TOKEN])).toBe(false);
});

it("ignores secrets of fewer than 8 characters, as a redactor does", () => {
  expect(mayHoldSecret('{"kioskId":"1234567"}', ["1234567"])).toBe(false);
});

it.each(["%", "&", "\\"])("expects a secret in every text with %s, which may begin an escape", (character) => {
  expect(mayHoldSecret(`{"kioskId":"${character}"}`, [TOKEN])).toBe(true);
});

it("expects a secret in every text if the secret begins with a character that may be escaped", () => {
  expect(mayHoldSecret('{"status":"READY"}', ['a"secret<of>others'])).toBe(true);
});

it("finds every token that a text holds as it is or in Base64, at any offset", () => {
  const tokens = fc.stringMatching(/^[\x21-\x7e]{8,60}$/);
  const forms = fc.constantFrom<(token: string) => string>(
    (token) => token,
    (token) => token.replaceAll("+", " "),
    (token) => afterBytes(token, 0, "base64").replaceAll("+", " "),
    ...[0, 1, 2].flatMap((before) =>
      (["base64", "base64url"] as const).map((encoding) => (token: string) => afterBytes(token, before, encoding)),
    ),
  );
  fc.assert(
    fc.property(tokens, forms, (token, encode) => {
      expect(mayHoldSecret(`{"description":"sent ${encode(token)}"}`, ["another-token", token])).toBe(true);
    }),
  );
});
