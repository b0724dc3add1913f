import { expect, it } from "vitest";
import { BodyBuffer } from "../../src/webhooks/http/body-buffer.js";

it("a body buffer collects chunks of any length up to its limit, and keeps nothing of the chunk beyond it", () => {
  const buffer = new BodyBuffer(10);
  expect([Uint8Array.of(1, 2, 3), "45", Uint8Array.of(6)].map((chunk) => buffer.append(chunk))).toEqual([
    true,
    true,
    true,
  ]);
  expect(buffer.append(new Uint8Array(5))).toBe(false);
  expect(buffer.append(Uint8Array.of(7, 8, 9, 10))).toBe(true);
  expect(buffer.append(new Uint8Array(0))).toBe(true);
  expect([...buffer.bytes()]).toEqual([1, 2, 3, 52, 53, 6, 7, 8, 9, 10]);
});

it("a body buffer doubles its memory when it is full, up to its limit", () => {
  const buffer = new BodyBuffer(20_000);
  const sizes = new Set<number>();
  for (let count = 0; count < 200; count += 1) {
    expect(buffer.append(new Uint8Array(100))).toBe(true);
    sizes.add(buffer.bytes().buffer.byteLength);
  }
  expect([...sizes]).toEqual([4096, 8192, 16_384, 20_000]);
});
