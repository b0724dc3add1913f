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

it("keeps few of many small chunks, and copies the others", () => {
  const body = new BoundedBody();
  const source = Buffer.alloc(MAX_RESPONSE_BYTES, "a");
  for (let at = 0; at < source.length; at += 1) body.push(source.subarray(at, at + 1));
  source.fill("b");
  const whole = Buffer.from(body.bytes());
  expect(whole.length).toBe(MAX_RESPONSE_BYTES);
  expect(whole.indexOf("b")).toBeGreaterThanOrEqual(MAX_RESPONSE_BYTES * (63 / 64));
});

it("copies none of 64 chunks before the body is complete", () => {
  const body = new BoundedBody();
  const source = Buffer.alloc(64, "a");
  for (let at = 0; at < source.length; at += 1) body.push(source.subarray(at, at + 1));
  source.fill("b");
  expect(body.bytes()).toEqual(source);
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
