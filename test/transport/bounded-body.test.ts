import { expect, it } from "vitest";
import { BoundedBody } from "../../src/transport/bounded-body.js";
import { MAX_RESPONSE_BYTES } from "../../src/transport/http-message.js";

it.each<[string, Uint8Array]>([
  ["a Buffer", Buffer.from("body")],
  ["another view", new TextEncoder().encode("body")],
])("does not copy a body that arrived as %s in one chunk", (_what, chunk) => {
  const body = new BoundedBody();
  body.push(chunk);
  expect(body.bytes().buffer).toBe(chunk.buffer);
  expect(Buffer.from(body.bytes()).toString()).toBe("body");
});

it("returns a Buffer as it arrived", () => {
  const body = new BoundedBody();
  const chunk = Buffer.from("body");
  body.push(chunk);
  expect(body.bytes()).toBe(chunk);
});

it("joins several chunks", () => {
  const body = new BoundedBody();
  for (const chunk of [Buffer.from("b"), "o", new Uint8Array([0x64]), "y"]) body.push(chunk);
  expect(body.bytes()).toEqual(Buffer.from("body"));
});

it("ignores what follows a body that is too large, even if it is not bytes", () => {
  const body = new BoundedBody();
  body.push(Buffer.alloc(MAX_RESPONSE_BYTES));
  expect(body.oversized).toBe(false);
  body.push("x");
  expect(body.oversized).toBe(true);
  body.push(7);
  expect(Buffer.compare(body.bytes(), Buffer.alloc(MAX_RESPONSE_BYTES))).toBe(0);
});
