import { afterEach, expect, it } from "vitest";
import * as z from "zod/mini";
import { decodeWithSchema } from "../../src/decoding/decode-with-schema.js";

const schema = z.object({ status: z.string() });
const { localeError } = z.config();

afterEach(() => {
  z.config({ localeError });
});

it("a value that cannot be decoded has issues in English, in whatever language the process configured zod", () => {
  z.config({ localeError: () => "Ungültige Eingabe" });
  expect(decodeWithSchema(schema, { status: 7 })).toEqual({
    ok: false,
    issues: [{ path: "status", message: "Invalid input: expected string, received number" }],
  });
});
