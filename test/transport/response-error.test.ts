import { expect, it } from "vitest";
import { MAX_RESPONSE_BYTES } from "../../src/transport/http-message.js";
import { findResponse } from "../../src/transport/response-error.js";

/** An error as of undici's `responseError` interceptor. */
const responseError = (fields: object = {}) =>
  Object.assign(new Error("x"), { code: "UND_ERR_RESPONSE", statusCode: 429 }, fields);

it.each<[string, object, string]>([
  ["text", { body: "No." }, "No."],
  ["text that is JSON", { body: '{"a":1}' }, '{"a":1}'],
  ["a value that was parsed", { body: { a: 1 } }, '{"a":1}'],
  ["nothing", { body: "" }, ""],
])("finds the response in an error whose body is %s", (_what, fields, text) => {
  expect(findResponse(responseError({ headers: { "X-Trace-Id": "trace" }, ...fields }))).toEqual({
    status: 429,
    headers: new Map([["x-trace-id", "trace"]]),
    body: Buffer.from(text),
    oversized: false,
  });
});

it("finds the response in an error without header fields", () => {
  expect(findResponse(responseError())).toMatchObject({ status: 429, headers: new Map() });
});

it.each<[string, unknown]>([
  ["another code", responseError({ code: "ECONNRESET" })],
  ["no code", responseError({ code: undefined })],
  ["no status", responseError({ statusCode: undefined })],
  ["a status in text", responseError({ statusCode: "429" })],
  ["a status that is not an integer", responseError({ statusCode: 429.5 })],
])("finds no response in an error with %s", (_what, error) => {
  expect(findResponse(error)).toBeUndefined();
});

it.each([
  [MAX_RESPONSE_BYTES, false],
  [MAX_RESPONSE_BYTES + 1, true],
])("keeps at most 1 MiB of a body of %d bytes", (length, oversized) => {
  const found = findResponse(responseError({ body: "x".repeat(length) }));
  expect([found?.body.byteLength, found?.oversized]).toEqual([MAX_RESPONSE_BYTES, oversized]);
});
